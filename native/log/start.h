// Start: where the reading of a topic begins. A source looks it up for each partition.
#pragma once

#include <cstdint>

#include "log/replay_range.h"

namespace tidemark {

struct Start {
  enum class Kind : uint8_t {
    kEarliest,  // the first record that is there
    kLatest,    // behind the last one
    kTime,      // the first record at or past `time`; behind the last one where there is none
    kOffset,    // that one, or the next one that is there
  };
  Kind kind = Kind::kEarliest;
  int64_t time = 0;  // epoch ms
  int64_t offset = 0;
  int64_t merge_key = kSmallestMergeKey;  // of the record before the offset, where it is known
  int32_t leader_epoch = kNoLeaderEpoch;  // likewise
};

}  // namespace tidemark
