// ReplayRange: between which offsets a partition is replayed; GapPolicy: what may be missing there.
#pragma once

#include <cstdint>
#include <limits>

#include "log/record.h"

namespace tidemark {

constexpr int64_t kNoCutoff = std::numeric_limits<int64_t>::max();
constexpr int64_t kNoStartTime = std::numeric_limits<int64_t>::min();
// Merge key of a record without timestamp that is the first of its partition.
constexpr int64_t kSmallestMergeKey = std::numeric_limits<int64_t>::min();
constexpr int32_t kNoLeaderEpoch = -1;

// A start is more than an offset. Behind a late record the merge key is larger than any timestamp
// that is still to come: who goes on there without it gets another order than the stream that was
// interrupted. And a log that was truncated meanwhile has other records at the offsets: by the
// leader epoch it can be told.
struct ReplayRange {
  int64_t start_offset;        // first offset of the replay
  int64_t end_offset;          // one past the last; <= start_offset: nothing to replay
  int64_t cutoff = kNoCutoff;  // epoch ms: ends before the first record at or past it
  int64_t start_merge_key = kSmallestMergeKey;  // of the record before the first
  int32_t start_leader_epoch = kNoLeaderEpoch;  // as in Frontier
  // Epoch ms, of a start by time: the replay starts with its first record at or past it. What a
  // broker answers lies there or before: its look-up counts transaction markers and the records of
  // aborted transactions, which nobody reads.
  int64_t start_time = kNoStartTime;

  // Whether a record in front of which the replay has not started is in front of it, too. Those
  // that came after the look-up belong to live, where no time is asked for.
  bool is_before_start(const Record& record) const {
    const bool is_past_time = record.timestamp != kNoTimestamp && record.timestamp >= start_time;
    return start_time != kNoStartTime && record.offset < end_offset && !is_past_time;
  }
};

// What the partition may do when a record batch does not follow on from its position.
enum class GapPolicy : uint8_t {
  kError,  // every offset of a log is covered by a record batch: a gap is loss
  kCount,  // the topic is compacted, or it could not be asked: missing offsets are counted
};

}  // namespace tidemark
