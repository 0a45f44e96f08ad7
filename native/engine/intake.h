// Intake: takes what was fetched for the partitions that rang, and later what was left for want of
// room.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "engine/partition_table.h"
#include "merge/merger.h"

namespace tidemark {

class Intake {
 public:
  // All of them must outlive it. `records` counts those that were taken.
  Intake(PartitionTable& partitions, Merger& merger, std::atomic<int64_t>& records)
      : partitions_(partitions), merger_(merger), records_(records) {}

  // These rang; those that are gone by now are passed over.
  void take_rung(const std::vector<PartitionHandle>& rung);
  // Takes what is there for one partition. True when anything was.
  bool take(PartitionStream& stream);
  // Takes what was left, as far as the held records have made room; in live nobody asks for a
  // partition by name. True when anything was taken.
  bool take_backlog();

 private:
  PartitionTable& partitions_;
  Merger& merger_;
  std::atomic<int64_t>& records_;
  std::vector<PartitionHandle> backlog_;  // partitions of which something was left
};

}  // namespace tidemark
