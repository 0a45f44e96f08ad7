// Record: one Kafka message, decoded in place. Key and value point into the record batch.
#pragma once

#include <cstdint>

namespace tidemark {

constexpr int64_t kNoTimestamp = -1;

struct Record {
  int64_t offset;
  int64_t timestamp;     // epoch ms; kNoTimestamp: the record has none
  int64_t merge_key;     // prefix maximum of the partition's timestamps; set by the partition
  const uint8_t* key;    // valid while the record batch is held
  const uint8_t* value;  // valid while the record batch is held
  int32_t key_size;      // -1: null
  int32_t value_size;    // -1: null (a tombstone)
};

// A record without timestamp is not late.
inline bool is_late(const Record& record) {
  return record.timestamp < record.merge_key && record.timestamp != kNoTimestamp;
}

}  // namespace tidemark
