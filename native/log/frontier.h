// Frontier: how far a partition was released, and what must be known to go on from there.
#pragma once

#include <cstdint>

#include "log/replay_range.h"

namespace tidemark {

struct Frontier {
  int64_t next_offset = 0;  // past what was released; markers and holes behind that are passed too
  int64_t merge_key = kSmallestMergeKey;  // of the record before it
  // Of a record batch that was in the log when everything before next_offset was: a log whose
  // epochs up to this one end before next_offset has lost some of that.
  int32_t leader_epoch = kNoLeaderEpoch;
  // As in ReplayRange, until its first record is found: what lies before that one is left out.
  int64_t start_time = kNoStartTime;

  friend bool operator==(const Frontier& a, const Frontier& b) {
    return a.next_offset == b.next_offset && a.merge_key == b.merge_key &&
           a.leader_epoch == b.leader_epoch && a.start_time == b.start_time;
  }
};

}  // namespace tidemark
