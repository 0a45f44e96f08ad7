// stream_token: what a stream can be gone on from, as of an answer.
#pragma once

#include "engine/stream_state.h"
#include "token/token.h"

namespace tidemark {

// Of a stream with partitions.
Token token_of(const StreamState& state, bool read_committed, bool fail_on_late_record);

}  // namespace tidemark
