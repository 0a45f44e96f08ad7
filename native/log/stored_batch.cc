#include "log/stored_batch.h"

#include <limits>

#include "log/crc32c.h"

namespace tidemark {
namespace {

constexpr size_t kChecksumFrom = 21;  // what it covers begins behind it

// The layout: every field in its order, with its width. Both ways, so that there is one of it.
template <typename Batch, typename Bytes>
void visit_fields(Batch& batch, Bytes& bytes) {
  bytes.template field<int64_t>(batch.base_offset);
  bytes.template field<int32_t>(batch.length);
  bytes.template field<int32_t>(batch.leader_epoch);
  bytes.template field<int8_t>(batch.magic);
  bytes.template field<uint32_t>(batch.checksum);
  bytes.template field<int16_t>(batch.attributes);
  bytes.template field<int32_t>(batch.last_offset_delta);
  bytes.template field<int64_t>(batch.base_timestamp);
  bytes.template field<int64_t>(batch.max_timestamp);
  bytes.template field<int64_t>(batch.producer_id);
  bytes.template field<int16_t>(batch.producer_epoch);
  bytes.template field<int32_t>(batch.base_sequence);
  bytes.template field<int32_t>(batch.record_count);
}

// The high byte first.
class FieldReader {
 public:
  explicit FieldReader(const uint8_t* at) : at_(at) {}

  template <typename Integer, typename Field>
  void field(Field& value) {
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof(Integer); ++i)
      bits = bits << 8 | *at_++;
    value = static_cast<Integer>(bits);
  }

 private:
  const uint8_t* at_;
};

class FieldWriter {
 public:
  explicit FieldWriter(uint8_t* at) : at_(at) {}

  template <typename Integer, typename Field>
  void field(const Field& value) {
    const auto bits = static_cast<uint64_t>(value);
    for (size_t left = sizeof(Integer); left > 0; --left)
      *at_++ = static_cast<uint8_t>(bits >> (8 * (left - 1)));
  }

 private:
  uint8_t* at_;
};

}  // namespace

StoredBatch StoredBatch::read(const uint8_t* header) {
  StoredBatch batch{};
  FieldReader bytes(header);
  visit_fields(batch, bytes);
  if (batch.is_v2()) return batch;
  StoredBatch other{};
  other.base_offset = batch.base_offset;
  other.length = batch.length;
  other.magic = batch.magic;
  return other;
}

StoredHeader StoredBatch::seal(const uint8_t* records, size_t size) {
  StoredHeader header;
  length = static_cast<int64_t>(kStoredHeaderBytes - kBytesBeforeLength + size);
  const auto write = [&] {
    FieldWriter bytes(header.data());
    visit_fields(*this, bytes);
  };
  write();
  checksum = crc32c(records, size,
                    crc32c(header.data() + kChecksumFrom, kStoredHeaderBytes - kChecksumFrom));
  write();
  return header;
}

const char* StoredBatch::fault() const {
  constexpr int64_t kLeastOldLength = 14;  // of magic 0; those that are not known are not shorter
  constexpr int64_t kLeastLength = kStoredHeaderBytes - kBytesBeforeLength;
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
