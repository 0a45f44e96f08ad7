// RecordBatch: what a source hands over for one v2 record batch: the header's fields and the
// records section, inflated or not, which somebody else owns.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tidemark {

enum class RecordBatchKind : uint8_t {
  kRecords,  // data; may be empty after compaction
  kControl,  // transaction markers: no payload, but they cover offsets
  kAborted,  // data of an aborted transaction under read_committed: no payload
};

// By the attributes of a record batch, as on the wire: its timestamps are the broker's.
constexpr bool is_log_append_time(int16_t attributes) { return (attributes & (1 << 3)) != 0; }

// By the same: 0 is none.
constexpr int codec_of(int16_t attributes) { return attributes & 7; }

struct RecordBatch {
  int64_t base_offset;
  int64_t last_offset;  // of the batch, not of its last record: compaction leaves holes
  int64_t base_timestamp;
  int64_t max_timestamp;
  int32_t record_count;
  int32_t leader_epoch;
  int16_t attributes;  // as on the wire
  RecordBatchKind kind;
  bool is_compressed = false;  // the records section still is. codec() does not say it
  const uint8_t* records;      // the records section; nullptr when there is none
  size_t size;                 // bytes of the records section

  int codec() const { return codec_of(attributes); }
  bool log_append_time() const { return is_log_append_time(attributes); }
};

}  // namespace tidemark
