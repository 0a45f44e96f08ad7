// batch_content: what is in a stored record batch, once its checksum is verified.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "log/byte_buffer.h"
#include "log/inflate.h"
#include "log/stored_batch.h"
#include "status.h"

namespace tidemark {

struct ContentFault {
  ErrorCode code;
  std::string what;
};

// That it is too large; what its header says is enough.
std::optional<ContentFault> check_size(const StoredBatch& stored);

// Verifies the checksum; `batch` has stored.bytes().
std::optional<ContentFault> check_content(const StoredBatch& stored, const uint8_t* batch);

// The same. Where it is compressed, its records are
// appended to `inflated`.
std::optional<ContentFault> open_content(const StoredBatch& stored, const uint8_t* batch,
                                         Inflater& inflater, ByteBuffer& inflated);

// What the record of a transaction marker says.
enum class Marker : uint8_t {
  kNone,  // nothing, where compaction has emptied it; or it is of another kind
  kAbort,
  kCommit,
};

// The same of a control batch, whose records are read too: the fault is also that they do not
// parse. librdkafka, too, gives such a batch as an error; passed over, it would leave a transaction
// open that hides all that follows.
std::optional<ContentFault> open_marker(const StoredBatch& stored, const uint8_t* batch,
                                        Inflater& inflater, Marker* marker);

}  // namespace tidemark
