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

}  // namespace

Status look_up_logs(const std::string& folder, const Demand& demand,
                    const std::atomic<bool>& is_cancelled, FoundLogs* found) {
  LogDirectory directory(folder);
  if (Status status = directory.open(); !status.ok()) return status;
  const std::vector<TopicDemand> topics = in_order(demand.topics);
  std::vector<std::pair<std::shared_ptr<PartitionLog>, Start>> logs;
  // All sizes first, as near to one moment as it can be.
  for (size_t index = 0; index < topics.size(); ++index) {
    const auto& [name, start] = topics[index];
    std::vector<PartitionFolder> folders;
    if (Status status = directory.find(name, &folders); !status.ok()) return status;
    if (folders.empty()) return no_topic_in_folder(name, folder);
    for (PartitionFolder& each : folders) {
      auto log = std::make_shared<PartitionLog>();
      log->id = {name, each.partition, static_cast<int32_t>(index)};
      log->start_offset = std::max(each.segments.front().base_offset,
                                   directory.log_start_offset(name, each.partition));
      log->segments = std::move(each.segments);
      log->read_committed = demand.read_committed;
      logs.emplace_back(std::move(log), start);
    }
  }
  if (Status status = demand.budget.check(logs.size()); !status.ok()) return status;
  Inflater inflater;
  const int64_t cutoff = demand.end.kind == End::Kind::kTime ? demand.end.time : kNoCutoff;
  for (auto& [log, start] : logs) {
    LogScan scan(*log, start, inflater, is_cancelled);
    if (Status status = scan.run(); !status.ok()) return status;
    // Which topics are compacted the files do not say.
    found->partitions.push_back(
        {log->id, {scan.start_offset(), log->end_offset, cutoff}, GapPolicy::kCount});
    found->logs.push_back(std::move(log));
  }
  return Status();
}

}  // namespace tidemark
