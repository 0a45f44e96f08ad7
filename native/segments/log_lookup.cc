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

// Those of `folders` that are read, in order, once they are what is wanted.
Status choose(const TopicDemand& topic, const Demand& demand, const Token::Topic* resumed,
              const std::vector<PartitionFolder>& folders, std::vector<int32_t>* read) {
  std::vector<int32_t> there;
  for (const PartitionFolder& each : folders)
    there.push_back(each.partition);
  Status status = topic.partitions.choose(topic.name, there, demand.end, read);
  if (!status.ok()) return status;
  return resumed ? Resume::check_partitions(*resumed, *read, true)
                 : topic.partitions.check_starts(topic.name, *read);
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

// Adds `partition`, which has the range of its start, where it belongs.
Status resume(const Demand& demand, const Token::Topic* resumed, AssignedPartition partition,
              FoundLogs* found) {
  const Token::Partition* const known = resumed ? resumed->find(partition.id.partition) : nullptr;
  if (resumed && !known && demand.resume->joins_added_in_live()) {
    partition.range.end_offset = partition.range.start_offset;
    found->added.push_back(std::move(partition));
    return Status();
  }
  if (known) {
    Status status = demand.resume->range_of(resumed->name, *known, partition.range,
                                            found->logs.back()->end_offset, &partition.range);
    if (!status.ok()) return status;
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
  const std::string cluster_id = cluster_id_in(folder);
  if (demand.resume) {
    Status status = demand.resume->check_cluster(cluster_id);
    if (!status.ok()) return status;
  }
  std::vector<std::shared_ptr<const TopicIdentity>> identities;  // of the topics
  struct Found {
    std::shared_ptr<PartitionLog> log;
    const PartitionDemands* demanded;
    const Token::Topic* resumed;  // null: not
    Start start;
  };
  std::vector<Found> logs;
  // All sizes first, as near to one moment as it can be.
  for (size_t index = 0; index < topics.size(); ++index) {
    const auto& [name, start, demanded] = topics[index];
    std::vector<PartitionFolder> folders;
    if (Status status = directory.find(name, &folders); !status.ok()) return status;
    if (folders.empty()) return no_topic_in_folder(name, folder);
    const Token::Topic* const resumed = demand.resume ? demand.resume->source.find(name) : nullptr;
    const auto identity = std::make_shared<const TopicIdentity>(
        TopicIdentity{cluster_id, topic_id_in(folders.front().path)});
    if (resumed) {
      Status status = Resume::check_topic(*resumed, identity->topic_id);
      if (!status.ok()) return status;
    }
    identities.push_back(identity);
    std::vector<int32_t> read;
    if (Status status = choose(topics[index], demand, resumed, folders, &read); !status.ok())
      return status;
    for (PartitionFolder& each : folders) {
      if (!demanded.reads(each.partition)) continue;
      auto log = std::make_shared<PartitionLog>();
      log->id = {name, each.partition, static_cast<int32_t>(index)};
      log->start_offset = std::max(each.segments.front().base_offset,
                                   directory.log_start_offset(name, each.partition));
      log->segments = std::move(each.segments);
      log->read_committed = demand.read_committed;
      logs.push_back({std::move(log), &demanded, resumed,
                      resumed ? Start() : demanded.start_of(each.partition, start)});
    }
  }
  if (Status status = demand.budget.check(logs.size()); !status.ok()) return status;
  Inflater inflater;
  for (auto& [log, demanded, resumed, start] : logs) {
    LogScan scan(*log, start, inflater, is_cancelled);
    if (Status status = scan.run(); !status.ok()) return status;
    ReplayRange range{};
    if (Status status = find_range(scan, *demanded, start, demand.end, *log, &range); !status.ok())
      return status;
    // Which topics are compacted the files do not say.
    AssignedPartition partition{log->id, range, GapPolicy::kCount};
    partition.identity = identities[static_cast<size_t>(log->id.topic_index)];
    found->logs.push_back(std::move(log));
    if (Status status = resume(demand, resumed, std::move(partition), found); !status.ok())
      return status;
  }
  return Status();
}

}  // namespace tidemark
