// PartitionDemands: what a stream wants of single partitions of a topic, and whether the topic has
// it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "errors.h"
#include "log/end.h"
#include "log/start.h"
#include "status.h"

namespace tidemark {

// What there is of a partition.
struct LogExtent {
  int64_t start = 0;        // the first offset that is there
  int64_t end = 0;          // one past the last that is visible
  int64_t written_end = 0;  // one past the last: behind `end` are transactions that are open
};

// What becomes of an offset to start at that the log does not have, or not any more.
enum class OutOfRange : uint8_t { kFail, kEarliest, kLatest };

struct PartitionDemands {
  // The only ones that are read. Empty: all, those that are added later, too.
  std::set<int32_t> only;
  // Where those start that do not start as their topic does.
  std::map<int32_t, Start> starts;
  // Every partition has to have one: the topic has no start for others.
  bool needs_starts = false;
  // The consumer group whose commits are starts, too; empty: none.
  std::string group;
  OutOfRange out_of_range = OutOfRange::kFail;
  // Where each is to end, with End::Kind::kOffsets.
  std::map<int32_t, int64_t> end_offsets;

  bool reads(int32_t partition) const { return only.empty() || only.count(partition) > 0; }

  // Of `there`, the partitions of the topic, in order, those that are read. Fails for one that is
  // named and not there, and for one that is read and has no end, with `end` by offsets.
  Status choose(const std::string& topic, const std::vector<int32_t>& there, const End& end,
                std::vector<int32_t>* read) const;
  // Once what the group has committed is among the starts. Fails for partitions that have none and
  // need one.
  Status check_starts(const std::string& topic, const std::vector<int32_t>& read) const;
  const Start& start_of(int32_t partition, const Start& of_topic) const;

  // Where a start by offset begins in the log that there is.
  Status begin_in(const LogExtent& log, const Place& place, const Start& start,
                  ReplayRange* range) const;
  // Where the replay of a partition ends in it.
  Status end_in(const LogExtent& log, const Place& place, const End& end, ReplayRange* range) const;
};

}  // namespace tidemark
