#include "segments/log_lookup.h"

#include <algorithm>
#include <utility>

#include "errors.h"
#include "log/inflate.h"
#include "segments/log_directory.h"
#include "segments/log_scan.h"

namespace tidemark {
namespace {

std::vector<TopicDemand> in_order(std::vector<TopicDemand> topics) {
  std::sort(topics.begin(), topics.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return topics;
}

Status check(const TopicDemand& topic, const End& end,
             const std::vector<PartitionFolder>& folders) {
  std::vector<int32_t> there, read;
  for (const PartitionFolder& each : folders)
    there.push_back(each.partition);
  Status status = topic.partitions.choose(topic.name, there, end, &read);
  return status.ok() ? topic.partitions.check_starts(topic.name, read) : status;
}

Status find_range(const LogScan& scan, const PartitionDemands& demanded, const Start& start,
                  const End& end, const PartitionLog& log, ReplayRange* range) {
  const Place place{log.id.topic, log.id.partition};
  if (start.kind == Start::Kind::kOffset) {
    if (Status status = demanded.begin_in(scan.extent(), place, start, range); !status.ok())
      return status;
  } else {
    range->start_offset = scan.start_offset();
    if (start.kind == Start::Kind::kTime) range->start_time = start.time;
  }
  if (Status status = demanded.end_in(scan.extent(), place, end, range); !status.ok())
    return status;
  // A fault that hides the end is met there, unless the replay ends before it.
  if (end.kind != End::Kind::kOffsets) range->end_offset = log.end_offset;
  return Status();
}

}  // namespace

Status look_up_logs(const std::string& folder, const Demand& demand,
                    const std::atomic<bool>& is_cancelled, FoundLogs* found) {
  LogDirectory directory(folder);
  if (Status status = directory.open(); !status.ok()) return status;
  const std::vector<TopicDemand> topics = in_order(demand.topics);
  struct Found {
    std::shared_ptr<PartitionLog> log;
    const PartitionDemands* demanded;
    Start start;
  };
  std::vector<Found> logs;
  // All sizes first, as near to one moment as it can be.
  for (size_t index = 0; index < topics.size(); ++index) {
    const auto& [name, start, demanded] = topics[index];
    std::vector<PartitionFolder> folders;
    if (Status status = directory.find(name, &folders); !status.ok()) return status;
    if (folders.empty()) return no_topic_in_folder(name, folder);
    if (Status status = check(topics[index], demand.end, folders); !status.ok()) return status;
    for (PartitionFolder& each : folders) {
      if (!demanded.reads(each.partition)) continue;
      auto log = std::make_shared<PartitionLog>();
      log->id = {name, each.partition, static_cast<int32_t>(index)};
      log->start_offset = std::max(each.segments.front().base_offset,
                                   directory.log_start_offset(name, each.partition));
      log->segments = std::move(each.segments);
      log->read_committed = demand.read_committed;
      logs.push_back({std::move(log), &demanded, demanded.start_of(each.partition, start)});
    }
  }
  if (Status status = demand.budget.check(logs.size()); !status.ok()) return status;
  Inflater inflater;
  for (auto& [log, demanded, start] : logs) {
    LogScan scan(*log, start, inflater, is_cancelled);
    if (Status status = scan.run(); !status.ok()) return status;
    ReplayRange range{};
    if (Status status = find_range(scan, *demanded, start, demand.end, *log, &range); !status.ok())
      return status;
    // Which topics are compacted the files do not say.
    found->partitions.push_back({log->id, range, GapPolicy::kCount});
    found->logs.push_back(std::move(log));
  }
  return Status();
}

}  // namespace tidemark
