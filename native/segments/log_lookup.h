// look_up_logs: the partitions that a folder has of what is asked for, and where each begins and
// ends: what a Kafka source asks its brokers.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "segments/partition_log.h"
#include "source/demand.h"
#include "source/source.h"
#include "status.h"

namespace tidemark {

struct FoundLogs {
  std::vector<AssignedPartition> partitions;              // by topic and partition
  std::vector<AssignedPartition> added;                   // those that are to join in live
  std::vector<std::shared_ptr<const PartitionLog>> logs;  // of both
};

// Ends early when `is_cancelled`.
Status look_up_logs(const std::string& folder, const Demand& demand,
                    const std::atomic<bool>& is_cancelled, FoundLogs* found);

}  // namespace tidemark
