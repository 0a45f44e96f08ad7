// batch_content: what is in a stored record batch, once its checksum is verified.
#pragma once

#include <cstdint>
#include <optional>

#include "log/byte_buffer.h"
#include "log/inflate.h"
#include "segments/stored_batch.h"
#include "status.h"

namespace tidemark {

struct ContentFault {
  ErrorCode code;
  const char* what;
};

// Verifies the checksum; `batch` has stored.bytes(). Where it is compressed, its records are
// appended to `inflated`.
std::optional<ContentFault> open_content(const StoredBatch& stored, const uint8_t* batch,
                                         Inflater& inflater, ByteBuffer& inflated);

}  // namespace tidemark
