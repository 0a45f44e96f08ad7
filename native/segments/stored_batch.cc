#include "segments/stored_batch.h"

#include <limits>

#include "log/crc32c.h"

namespace tidemark {
namespace {

constexpr size_t kChecksumFrom = 21;

template <typename Integer>
Integer read_be(const uint8_t* bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i)
    value = value << 8 | bytes[i];
  return static_cast<Integer>(value);
}

}  // namespace

StoredBatch StoredBatch::read(const uint8_t* header) {
  StoredBatch batch{};
  batch.base_offset = read_be<int64_t>(header);
  batch.length = read_be<int32_t>(header + 8);
  batch.leader_epoch = read_be<int32_t>(header + 12);
  batch.magic = static_cast<int8_t>(header[16]);
  if (!batch.is_v2()) return batch;
  batch.checksum = read_be<uint32_t>(header + 17);
  batch.attributes = read_be<int16_t>(header + 21);
  batch.last_offset_delta = read_be<int32_t>(header + 23);
  batch.base_timestamp = read_be<int64_t>(header + 27);
  batch.max_timestamp = read_be<int64_t>(header + 35);
  batch.producer_id = read_be<int64_t>(header + 43);
  batch.record_count = read_be<int32_t>(header + 57);
  return batch;
}

const char* StoredBatch::fault() const {
  constexpr int64_t kLeastOldLength = 14;  // of magic 0; those that are not known are not shorter
  constexpr int64_t kLeastLength = kStoredHeaderBytes - 12;
  if (length == 0 && base_offset == 0)
    return "zeros stand where a record batch should, as after a power loss";
  if (length < kLeastOldLength) return "the length of the record batch is too small";
  if (base_offset < 0) return "the base offset of the record batch is negative";
  if (is_v2() && length < kLeastLength) return "the length of the record batch is too small";
  if (last_offset_delta < 0) return "the last offset of the record batch is below its base offset";
  if (base_offset > std::numeric_limits<int64_t>::max() - last_offset_delta - 1)
    return "the last offset of the record batch is too large";
  return nullptr;
}

bool StoredBatch::has_valid_checksum(const uint8_t* batch) const {
  return crc32c(batch + kChecksumFrom, bytes() - kChecksumFrom) == checksum;
}

RecordBatch StoredBatch::bare(RecordBatchKind kind) const {
  RecordBatch batch{};
  batch.base_offset = base_offset;
  batch.last_offset = last_offset();
  batch.base_timestamp = base_timestamp;
  batch.max_timestamp = max_timestamp;
  batch.record_count = record_count;
  batch.leader_epoch = leader_epoch;
  batch.attributes = attributes;
  batch.kind = kind;
  return batch;
}

}  // namespace tidemark
