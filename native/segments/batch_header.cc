#include "segments/batch_header.h"

#include <type_traits>

#include "log/crc32c.h"

namespace tidemark {
namespace {

constexpr int8_t kMagic = 2;
constexpr int16_t kLogAppendTime = 1 << 3;
constexpr size_t kEpochAt = 12;     // the length counts from here
constexpr size_t kChecksumAt = 17;  // of all that follows it
constexpr size_t kAttributesAt = 21;

// Puts integers down one after another, the high byte first.
class Pen {
 public:
  explicit Pen(uint8_t* at) : at_(at) {}

  template <typename Integer>
  Pen& put(Integer value) {
    const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (size_t left = sizeof(Integer); left > 0; --left)
      *at_++ = static_cast<uint8_t>(bits >> (8 * (left - 1)));
    return *this;
  }

 private:
  uint8_t* at_;
};

}  // namespace

BatchHeader write_batch_header(const RecordBatch& batch) {
  const bool is_data = batch.kind == RecordBatchKind::kRecords;
  const size_t size = is_data ? batch.size : 0;
  BatchHeader header;
  Pen(header.data())
      .put<int64_t>(batch.base_offset)
      .put<int32_t>(static_cast<int32_t>(kBatchHeaderBytes - kEpochAt + size))
      .put<int32_t>(batch.leader_epoch)
      .put<int8_t>(kMagic);
  Pen(header.data() + kAttributesAt)
      .put<int16_t>(batch.attributes & kLogAppendTime)
      .put<int32_t>(static_cast<int32_t>(batch.last_offset - batch.base_offset))
      .put<int64_t>(batch.base_timestamp)
      .put<int64_t>(batch.max_timestamp)
      .put<int64_t>(-1)  // producer id, its epoch, sequence
      .put<int16_t>(-1)
      .put<int32_t>(-1)
      .put<int32_t>(is_data ? batch.record_count : 0);
  const uint32_t checksum =
      crc32c(batch.records, size,
             crc32c(header.data() + kAttributesAt, kBatchHeaderBytes - kAttributesAt));
  Pen(header.data() + kChecksumAt).put<uint32_t>(checksum);
  return header;
}

}  // namespace tidemark
