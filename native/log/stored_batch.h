// StoredBatch: the header of a v2 record batch as it stands in a log segment, read and written.
//
// Format: Kafka protocol guide, "Record Batch", magic 2.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "log/record_batch.h"

namespace tidemark {

constexpr size_t kStoredHeaderBytes = 61;
// Those in front of what the field `length` counts.
constexpr size_t kBytesBeforeLength = 12;

using StoredHeader = std::array<uint8_t, kStoredHeaderBytes>;

struct StoredBatch {
  int64_t base_offset;
  int64_t length;  // of what follows the field itself: negative where the file lies
  int32_t leader_epoch;
  int8_t magic;
  uint32_t checksum;
  int16_t attributes;
  int32_t last_offset_delta;
  int64_t base_timestamp;
  int64_t max_timestamp;
  int64_t producer_id;
  int16_t producer_epoch;
  int32_t base_sequence;
  int32_t record_count;

  // `header` has kStoredHeaderBytes.
  static StoredBatch read(const uint8_t* header);
  // Sets length and checksum to those of these records, and writes it down.
  StoredHeader seal(const uint8_t* records, size_t size);

  uint64_t bytes() const { return static_cast<uint64_t>(length) + kBytesBeforeLength; }  // of all
  int64_t last_offset() const { return base_offset + last_offset_delta; }
  int codec() const { return codec_of(attributes); }
  bool is_transactional() const { return (attributes & (1 << 4)) != 0; }
  bool is_control() const { return (attributes & (1 << 5)) != 0; }
  // Of another format no more is read than what all have in common: base offset, length and magic.
  bool is_v2() const { return magic == 2; }
  bool has_old_format() const { return magic == 0 || magic == 1; }
  bool has_known_format() const { return is_v2() || has_old_format(); }

  // What is wrong with the header as a static text, or nullptr.
  const char* fault() const;
  // `batch` has bytes(), the header first.
  bool has_valid_checksum(const uint8_t* batch) const;
  // Without payload.
  RecordBatch bare(RecordBatchKind kind) const;
};

}  // namespace tidemark
