// Start: where the reading of a partition begins. A source looks it up, and PartitionStart is the
// answer.
#pragma once

#include <cstdint>
#include <limits>

namespace tidemark {

// Merge key of a record without timestamp that is the first of its partition.
constexpr int64_t kSmallestMergeKey = std::numeric_limits<int64_t>::min();
constexpr int32_t kNoLeaderEpoch = -1;

// An offset alone is not enough to go on where another stream stopped: behind a late record the
// merge key is larger than any timestamp that is still to come, and the order would be another one.
// The leader epoch tells a log that was truncated meanwhile.
struct PartitionStart {
  int64_t offset = 0;
  int64_t merge_key = kSmallestMergeKey;  // of the record before, as far as it is known
  int32_t leader_epoch = kNoLeaderEpoch;  // of the record before, as far as it is known
};

struct Start {
  enum class Kind : uint8_t {
    kEarliest,  // the first record that is there
    kLatest,    // behind the last one
    kTime,      // the first record at or past `time`; behind the last one where there is none
    kOffset,    // `at`
  };
  Kind kind = Kind::kEarliest;
  int64_t time = 0;   // epoch ms
  PartitionStart at;  // where a caller knows it
};

}  // namespace tidemark
