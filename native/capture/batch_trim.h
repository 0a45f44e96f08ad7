// trim_batch: a record batch without its first records.
#pragma once

#include <cstdint>

#include "log/record_batch.h"

namespace tidemark {

// Takes the records below `offset` out of `batch`, which goes on covering their offsets, as after
// compaction. A fetch brings the whole record batch that the offset lies in; a capture with what is
// below it would begin with other rows than the stream, and with another merge key. False when the
// records cannot be read as far as that.
bool trim_batch(RecordBatch* batch, int64_t offset);

}  // namespace tidemark
