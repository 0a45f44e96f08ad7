#include "segments/log_lookup.h"

#include <algorithm>
#include <utility>

#include "errors.h"
#include "log/inflate.h"
#include "segments/log_directory.h"
#include "segments/log_identity.h"
#include "segments/log_scan.h"
#include "token/token.h"

namespace tidemark {
namespace {

std::vector<TopicDemand> in_order(std::vector<TopicDemand> topics) {
  std::sort(topics.begin(), topics.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return topics;
}

// Those that the token goes on in are there.
Status check_partitions(const Token::Topic& resumed, const std::vector<PartitionFolder>& folders) {
  for (const Token::Partition& wanted : resumed.partitions) {
    const auto has_it = [&](const PartitionFolder& folder) {
      return folder.partition == wanted.partition;
    };
    if (std::none_of(folders.begin(), folders.end(), has_it))
      return token_partition_missing({resumed.name, wanted.partition});
  }
  return Status();
}

// Adds `partition`, which has the range of its start, where it belongs.
Status resume(const Demand& demand, FoundLogs* found, AssignedPartition partition) {
  const Token::Topic* const topic =
      demand.resume ? demand.resume->source.find(partition.id.topic) : nullptr;
  if (topic) {
    const Token::Partition* const known = topic->find(partition.id.partition);
    if (!known && demand.resume->joins_added_in_live()) {
      partition.range.end_offset = partition.range.start_offset;
      found->added.push_back(std::move(partition));
      return Status();
    }
    if (known) {
      Status status =
          demand.resume->range_of(topic->name, *known, partition.range, &partition.range);
      if (!status.ok()) return status;
    }
  }
  found->partitions.push_back(std::move(partition));
  return Status();
}

}  // namespace

Status look_up_logs(const std::string& folder, const Demand& demand,
                    const std::atomic<bool>& is_cancelled, FoundLogs* found) {
  LogDirectory directory(folder);
  if (Status status = directory.open(); !status.ok()) return status;
  const std::vector<TopicDemand> topics = in_order(demand.topics);
  std::vector<std::pair<std::shared_ptr<PartitionLog>, Start>> logs;
  const std::string cluster_id = cluster_id_in(folder);
  if (demand.resume) {
    Status status = demand.resume->check_cluster(cluster_id);
    if (!status.ok()) return status;
  }
  std::vector<std::shared_ptr<const TopicIdentity>> identities;  // of the topics
  // All sizes first, as near to one moment as it can be.
  for (size_t index = 0; index < topics.size(); ++index) {
    const auto& [name, start] = topics[index];
    std::vector<PartitionFolder> folders;
    if (Status status = directory.find(name, &folders); !status.ok()) return status;
    if (folders.empty()) return no_topic_in_folder(name, folder);
    const Token::Topic* const resumed = demand.resume ? demand.resume->source.find(name) : nullptr;
    const auto identity = std::make_shared<const TopicIdentity>(
        TopicIdentity{cluster_id, topic_id_in(folders.front().path)});
    if (resumed) {
      Status status = Resume::check_topic(*resumed, identity->topic_id);
      if (status.ok()) status = check_partitions(*resumed, folders);
      if (!status.ok()) return status;
    }
    identities.push_back(identity);
    for (PartitionFolder& each : folders) {
      auto log = std::make_shared<PartitionLog>();
      log->id = {name, each.partition, static_cast<int32_t>(index)};
      log->start_offset = std::max(each.segments.front().base_offset,
                                   directory.log_start_offset(name, each.partition));
      log->segments = std::move(each.segments);
      log->read_committed = demand.read_committed;
      logs.emplace_back(std::move(log), resumed ? Start() : start);
    }
  }
  if (Status status = demand.budget.check(logs.size()); !status.ok()) return status;
  Inflater inflater;
  const int64_t cutoff = demand.end.kind == End::Kind::kTime ? demand.end.time : kNoCutoff;
  for (auto& [log, start] : logs) {
    LogScan scan(*log, start, inflater, is_cancelled);
    if (Status status = scan.run(); !status.ok()) return status;
    // Which topics are compacted the files do not say.
    AssignedPartition partition{
        log->id, {scan.start_offset(), log->end_offset, cutoff}, GapPolicy::kCount};
    partition.identity = identities[static_cast<size_t>(log->id.topic_index)];
    found->logs.push_back(std::move(log));
    if (Status status = resume(demand, found, std::move(partition)); !status.ok()) return status;
  }
  return Status();
}

}  // namespace tidemark
