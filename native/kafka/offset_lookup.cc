#include "kafka/offset_lookup.h"

#include <algorithm>
#include <cstring>

#include "errors.h"
#include "kafka/group_commits.h"
#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

// One request; what is lost on its way is asked for again. All of it may take longer, and where it
// is allowed to, so may a request: a broker that looks times up in remote storage does so for one
// partition after the other, and begins anew with each request.
constexpr auto kAttempt = std::chrono::milliseconds(10'000);
constexpr int kAttempts = 3;

// What librdkafka gives for an offset that is none.
constexpr int64_t kNoOffset = -1;

// A topic that was created a moment ago may have no leader yet.
bool worth_another_try(rd_kafka_resp_err_t err) {
  return heals_by_itself(err) && err != RD_KAFKA_RESP_ERR__TIMED_OUT;
}

// An answer that does not parse. Another broker, or the same one, may give one that does.
bool is_unreadable(rd_kafka_resp_err_t err) {
  return err == RD_KAFKA_RESP_ERR__UNDERFLOW || err == RD_KAFKA_RESP_ERR__BAD_MSG;
}

OffsetSpec spec_of_start(const Start& start) {
  switch (start.kind) {
    case Start::Kind::kEarliest:
      return RD_KAFKA_OFFSET_SPEC_EARLIEST;
    case Start::Kind::kLatest:
      return RD_KAFKA_OFFSET_SPEC_LATEST;
    case Start::Kind::kTime:
      return start.time;
    case Start::Kind::kOffset:
      break;  // is it there?
  }
  return RD_KAFKA_OFFSET_SPEC_EARLIEST;
}

// Known once topics were described. Empty where the brokers tell none (before Kafka 0.10.1).
std::string cluster_id_of(const Client& client) {
  char* const id = rd_kafka_clusterid(client.handle(), 0);
  if (id == nullptr) return std::string();
  const std::string text = id;
  rd_kafka_mem_free(client.handle(), id);
  return text;
}

// A coordinator that moves, or reads its log, answers again soon; a transaction that has committed
// offsets ends.
bool waits_for_group(rd_kafka_resp_err_t err) {
  switch (err) {
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
      return true;
    default:
      return heals_by_itself(err) || is_unreadable(err);
  }
}

rd_kafka_event_t* mutable_event(const rd_kafka_event_t* event) {
  return const_cast<rd_kafka_event_t*>(event);  // librdkafka's accessors change nothing
}

}  // namespace

OffsetLookup::OffsetLookup(Client& client, const Demand& demand, Clock::time_point deadline)
    : client_(client),
      demand_(demand),
      deadline_(deadline),
      most_of_an_attempt_(std::max(kAttempt, demand.open_timeout / kAttempts)) {
  for (const TopicDemand& topic : demand.topics)
    names_.push_back(topic.name);
  std::sort(names_.begin(), names_.end());
}

void OffsetLookup::begin() { ask_for_topics(); }

void OffsetLookup::on_answer(rd_kafka_event_t* answer) {
  if (is_done()) return;
  switch (rd_kafka_event_type(answer)) {
    case RD_KAFKA_EVENT_DESCRIBETOPICS_RESULT:
      if (step_ == Step::kTopics) {
        on_topics(answer);
      } else if (std::exchange(refreshes_leaders_, false)) {
        step_ == Step::kCommits ? ask_for_commits() : ask_for_offsets();
      }
      break;
    case RD_KAFKA_EVENT_LISTCONSUMERGROUPOFFSETS_RESULT:
      on_commits(answer);
      break;
    case RD_KAFKA_EVENT_LISTOFFSETS_RESULT:
      on_offsets(answer);
      break;
    case RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT:
      waits_for_policies_ = false;
      take_cleanup_policies(answer);
      if (step_ == Step::kCleanupPolicies) finish();
      break;
    default:
      break;
  }
}

Clock::time_point OffsetLookup::serve(Clock::time_point now) {
  if (!ask_again_at_) return Clock::time_point::max();
  if (now < *ask_again_at_) return *ask_again_at_;
  ask_again_at_.reset();
  refreshes_leaders_ = step_ != Step::kTopics;
  ask_for_topics();
  return Clock::time_point::max();
}

void OffsetLookup::fail(Status status) {
  status_ = std::move(status);
  step_ = Step::kDone;
}

// --- topics -------------------------------------------------------------------------------------

void OffsetLookup::ask_for_topics() { describe_topics(client_, names_, attempt_ms()); }

void OffsetLookup::on_topics(const rd_kafka_event_t* answer) {
  if (const rd_kafka_resp_err_t err = rd_kafka_event_error(mutable_event(answer))) {
    if (is_unreadable(err)) return pause_for(names_.front(), -1, err);
    if (heals_by_itself(err)) return pause();
    return fail(kafka_error(err, what(), rd_kafka_event_error_string(mutable_event(answer))));
  }
  if (demand_.resume) {
    Status status = demand_.resume->check_cluster(cluster_id_of(client_));
    if (!status.ok()) return fail(std::move(status));
  }
  partitions_.clear();
  topics_.clear();
  bool is_complete = true;
  size_t count = 0;
  const rd_kafka_TopicDescription_t** described = rd_kafka_DescribeTopics_result_topics(
      rd_kafka_event_DescribeTopics_result(mutable_event(answer)), &count);
  for (size_t i = 0; i < count && !is_done(); ++i)
    is_complete &= take_topic(described[i]);
  if (!is_complete || is_done()) return;
  waits_for_ = Status();
  begin_offsets();
}

bool OffsetLookup::take_topic(const rd_kafka_TopicDescription_t* description) {
  const std::string name = rd_kafka_TopicDescription_name(description);
  const rd_kafka_error_t* error = rd_kafka_TopicDescription_error(description);
  Status status;
  if (const rd_kafka_resp_err_t err = rd_kafka_error_code(error)) {
    if (worth_another_try(err)) {
      pause_for(name, -1, err);
      return false;
    }
    status = kafka_error_at({name}, err, rd_kafka_error_string(error));
  }
  size_t count = 0;
  const rd_kafka_TopicPartitionInfo_t** infos =
      rd_kafka_TopicDescription_partitions(description, &count);
  if (status.ok() && count == 0) status = no_partitions(name);
  std::vector<int32_t> there, read;
  for (size_t i = 0; i < count; ++i)
    there.push_back(rd_kafka_TopicPartitionInfo_partition(infos[i]));
  std::sort(there.begin(), there.end());
  const PartitionDemands& demanded = demand_of(name).partitions;
  if (status.ok()) status = demanded.choose(name, there, demand_.end, &read);
  if (!status.ok()) {
    fail(std::move(status));
    return true;
  }
  const auto place = std::find(names_.begin(), names_.end(), name);
  const auto topic_index = static_cast<int32_t>(place - names_.begin());
  const TopicId id = topic_id_of(description);
  if (const Token::Topic* const topic = resumed(name)) {
    status = Resume::check_topic(*topic, id);
    if (status.ok()) status = Resume::check_partitions(*topic, read, false);
    if (!status.ok()) {
      fail(std::move(status));
      return true;
    }
  }
  topics_.push_back({name, id, static_cast<int32_t>(count), topic_index, demanded.only.empty()});
  const auto identity =
      std::make_shared<const TopicIdentity>(TopicIdentity{cluster_id_of(client_), id});
  for (const int32_t partition : read) {
    partitions_.push_back({TopicPartition{name, partition, topic_index}, ReplayRange{}});
    partitions_.back().identity = identity;
  }
  return true;
}

const TopicDemand& OffsetLookup::demand_of(const std::string& topic) const {
  return *std::find_if(demand_.topics.begin(), demand_.topics.end(),
                       [&](const TopicDemand& demanded) { return demanded.name == topic; });
}

// --- offsets ------------------------------------------------------------------------------------

void OffsetLookup::begin_offsets() {
  // As soon as the number of partitions is known, before anything else is asked for.
  if (Status status = demand_.budget.check(partitions_.size()); !status.ok())
    return fail(std::move(status));
  std::sort(partitions_.begin(), partitions_.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  place_.clear();
  for (size_t i = 0; i < partitions_.size(); ++i)
    place_[{partitions_[i].id.topic, partitions_[i].id.partition}] = i;
  starts_.assign(partitions_.size(), kNoOffset);
  ends_.assign(partitions_.size(), kNoOffset);
  written_ends_.assign(partitions_.size(), kNoOffset);
  // Every offset of a log is covered by a record batch unless the topic is compacted. Where that
  // cannot be told, gaps are counted instead of refused: so brokers that never answer get half of
  // the time, not all.
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  describe_topic_configs(client_, names_, static_cast<int>(left.count() / 2));
  waits_for_policies_ = true;
  step_ = Step::kCommits;
  for (const TopicDemand& topic : demand_.topics) {
    const std::string& group = topic.partitions.group;
    if (resumed(topic.name)) continue;  // the token wins
    if (!group.empty() && std::find(groups_.begin(), groups_.end(), group) == groups_.end())
      groups_.push_back(group);
  }
  ask_for_commits();
}

// --- commits ------------------------------------------------------------------------------------

void OffsetLookup::ask_for_commits() {
  if (groups_.empty()) return begin_starts();
  std::vector<TopicPartition> asked;
  for (const AssignedPartition& partition : partitions_) {
    if (demand_of(partition.id.topic).partitions.group == groups_.back())
      asked.push_back(partition.id);
  }
  list_group_offsets(client_, groups_.back(), asked, demand_.read_committed, attempt_ms());
}

void OffsetLookup::on_commits(rd_kafka_event_t* answer) {
  if (step_ != Step::kCommits) return;
  const GroupCommits commits = read_group_commits(answer);
  if (const rd_kafka_resp_err_t err = commits.err) {
    const std::string group = "group '" + groups_.back() + "'";
    if (!waits_for_group(err))
      return fail(
          kafka_error(err, "reading what the " + group + " has committed", commits.reason.c_str()));
    waits_for_ = error_of(ErrorCode::kCreateTimeout, group + ": " + commits.reason);
    waits_for_.kafka_code = err;
    return pause();
  }
  for (TopicDemand& topic : demand_.topics) {
    if (topic.partitions.group != groups_.back()) continue;
    for (const auto& [id, start] : commits.starts) {
      if (id.first == topic.name) topic.partitions.starts[id.second] = start;
    }
  }
  waits_for_ = Status();
  groups_.pop_back();
  ask_for_commits();
}

void OffsetLookup::begin_starts() {
  for (const WatchedTopic& topic : topics_) {
    if (resumed(topic.name)) continue;
    std::vector<int32_t> read;
    for (const AssignedPartition& partition : partitions_) {
      if (partition.id.topic == topic.name) read.push_back(partition.id.partition);
    }
    Status status = demand_of(topic.name).partitions.check_starts(topic.name, read);
    if (!status.ok()) return fail(std::move(status));
  }
  demanded_starts_.clear();
  for (const AssignedPartition& partition : partitions_) {
    const TopicDemand& topic = demand_of(partition.id.topic);
    if (resumed(topic.name)) {
      demanded_starts_.push_back(Start());  // the earliest: is the token's offset still there?
      continue;
    }
    demanded_starts_.push_back(topic.partitions.start_of(partition.id.partition, topic.start));
  }
  step_ = Step::kStarts;
  ask_for_offsets();
}

// --- the offsets of logs ------------------------------------------------------------------------

OffsetSpec OffsetLookup::spec_of(size_t index) const {
  const bool is_end = step_ == Step::kEnds || step_ == Step::kWrittenEnds;
  return is_end ? OffsetSpec{RD_KAFKA_OFFSET_SPEC_LATEST} : spec_of_start(demanded_starts_[index]);
}

bool OffsetLookup::is_asked_for(size_t index) const {
  switch (step_) {
    case Step::kLateStarts:
      return starts_[index] == kNoOffset;
    case Step::kWrittenEnds:
      return demand_.read_committed && last_named_offset(index) > ends_[index];
    default:
      return true;
  }
}

int64_t OffsetLookup::last_named_offset(size_t index) const {
  const Start& start = demanded_starts_[index];
  const TopicPartition& id = partitions_[index].id;
  const std::map<int32_t, int64_t>& ends = demand_of(id.topic).partitions.end_offsets;
  const auto end = ends.find(id.partition);
  return std::max(start.kind == Start::Kind::kOffset ? start.offset : kNoOffset,
                  end == ends.end() ? kNoOffset : end->second);
}

bool OffsetLookup::is_any_asked_for() const {
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (is_asked_for(i)) return true;
  }
  return false;
}

void OffsetLookup::ask_for_offsets() {
  std::vector<OffsetQuestion> questions;
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (is_asked_for(i)) questions.push_back({partitions_[i].id, spec_of(i)});
  }
  const bool read_committed = demand_.read_committed && step_ != Step::kWrittenEnds;
  list_offsets(client_, questions, read_committed, attempt_ms());
}

void OffsetLookup::on_offsets(const rd_kafka_event_t* answer) {
  const rd_kafka_resp_err_t err = rd_kafka_event_error(mutable_event(answer));
  const bool lacks_leaders = err == RD_KAFKA_RESP_ERR__NOENT;  // all of them
  if (err && !heals_by_itself(err) && !lacks_leaders)
    return fail(kafka_error(err, what(), rd_kafka_event_error_string(mutable_event(answer))));
  bool is_complete = err == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (lacks_leaders) {
    const TopicPartition& first = partitions_.front().id;
    pause_for(first.topic, first.partition, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE);
  } else if (err) {
    pause();
  }
  std::vector<int64_t>* const offsets = step_ == Step::kEnds          ? &ends_
                                        : step_ == Step::kWrittenEnds ? &written_ends_
                                                                      : &starts_;
  size_t count = 0;
  const rd_kafka_ListOffsetsResultInfo_t** infos = rd_kafka_ListOffsets_result_infos(
      rd_kafka_event_ListOffsets_result(mutable_event(answer)), &count);
  for (size_t i = 0; i < count && !is_done(); ++i)
    is_complete &= take_offset(rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]), offsets);
  if (!is_complete || is_done()) return;
  waits_for_ = Status();
  go_on();
}

void OffsetLookup::go_on() {
  if (step_ == Step::kStarts) {
    step_ = Step::kEnds;
    return ask_for_offsets();
  }
  for (const Step next : {Step::kLateStarts, Step::kWrittenEnds}) {
    if (step_ >= next) continue;
    step_ = next;
    if (is_any_asked_for()) return ask_for_offsets();
  }
  step_ = Step::kCleanupPolicies;
  if (!waits_for_policies_) finish();
}

bool OffsetLookup::take_offset(const rd_kafka_topic_partition_t* found,
                               std::vector<int64_t>* offsets) {
  const auto place = place_.find({found->topic, found->partition});
  if (place == place_.end()) return true;
  rd_kafka_resp_err_t err = found->err;
  if (!err) {
    // It answers a time, which is 0 or more: no record is so late.
    const bool is_past_all = found->offset == kNoOffset && spec_of(place->second) >= 0;
    if (found->offset >= 0 || is_past_all) {
      (*offsets)[place->second] = found->offset;
      return true;
    }
    err = RD_KAFKA_RESP_ERR__TRANSPORT;  // what librdkafka leaves where a broker has not answered
  }
  if (worth_another_try(err)) {
    pause_for(found->topic, found->partition, err);
    return false;
  }
  const Place place_of_fault{found->topic, found->partition};
  Status status = kafka_error_at(place_of_fault, err, nullptr);
  if (err == RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT) {
    status = no_time_lookup(place_of_fault);
    status.kafka_code = err;
  }
  fail(std::move(status));
  return true;
}

void OffsetLookup::finish() {
  std::vector<AssignedPartition> assigned;
  for (size_t i = 0; i < partitions_.size(); ++i) {
    ReplayRange* const range = &partitions_[i].range;
    if (Status status = find_range(i, range); !status.ok()) return fail(std::move(status));
    if (joins_in_live(partitions_[i].id)) {
      added_.push_back({partitions_[i].id, range->start_offset});
    } else {
      assigned.push_back(std::move(partitions_[i]));
    }
  }
  partitions_ = std::move(assigned);
  step_ = Step::kDone;
}

const Token::Topic* OffsetLookup::resumed(const std::string& topic) const {
  return demand_.resume ? demand_.resume->source.find(topic) : nullptr;
}

bool OffsetLookup::joins_in_live(const TopicPartition& id) const {
  const Token::Topic* const topic = resumed(id.topic);
  return topic && !topic->find(id.partition) && demand_.resume->joins_added_in_live();
}

Status OffsetLookup::find_range(size_t index, ReplayRange* range) const {
  const TopicPartition& id = partitions_[index].id;
  const PartitionDemands& demanded = demand_of(id.topic).partitions;
  const Start& start = demanded_starts_[index];
  const Place place{id.topic, id.partition};
  const LogExtent log{starts_[index], ends_[index], std::max(ends_[index], written_ends_[index])};
  if (start.kind == Start::Kind::kOffset) {
    const Status status = demanded.begin_in(log, place, start, range);
    if (!status.ok()) return status;
  } else {
    // No record before the end is at or after the time: the replay starts, and ends, there.
    const bool is_none = log.start == kNoOffset;
    range->start_offset = is_none ? log.end : std::min(log.start, log.end);
    if (start.kind == Start::Kind::kTime) range->start_time = start.time;
  }
  Status status = demanded.end_in(log, place, demand_.end, range);
  const Token::Topic* const topic = resumed(id.topic);
  const Token::Partition* const known = topic ? topic->find(id.partition) : nullptr;
  if (!status.ok() || !known) return status;
  return demand_.resume->range_of(id.topic, *known, *range, log.end, range);
}

// --- cleanup policies ---------------------------------------------------------------------------

void OffsetLookup::take_cleanup_policies(const rd_kafka_event_t* answer) {
  const auto* result = rd_kafka_event_DescribeConfigs_result(mutable_event(answer));
  if (!result || rd_kafka_event_error(mutable_event(answer))) return;
  size_t count = 0;
  const rd_kafka_ConfigResource_t** resources =
      rd_kafka_DescribeConfigs_result_resources(result, &count);
  for (size_t i = 0; i < count; ++i) {
    if (rd_kafka_ConfigResource_error(resources[i])) continue;
    size_t entries_count = 0;
    const rd_kafka_ConfigEntry_t** entries =
        rd_kafka_ConfigResource_configs(resources[i], &entries_count);
    for (size_t k = 0; k < entries_count; ++k) {
      if (strcmp(rd_kafka_ConfigEntry_name(entries[k]), "cleanup.policy") != 0) continue;
      const char* value = rd_kafka_ConfigEntry_value(entries[k]);
      if (!value || strstr(value, "compact")) continue;
      for (AssignedPartition& partition : partitions_) {
        if (partition.id.topic == rd_kafka_ConfigResource_name(resources[i]))
          partition.gap_policy = GapPolicy::kError;
      }
    }
  }
}

// --- waiting ------------------------------------------------------------------------------------

int OffsetLookup::attempt_ms() const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  return static_cast<int>(std::min(left, most_of_an_attempt_).count());
}

void OffsetLookup::pause_for(const std::string& topic, int32_t partition, rd_kafka_resp_err_t err) {
  waits_for_ = error_at({topic, partition}, ErrorCode::kCreateTimeout, rd_kafka_err2str(err));
  waits_for_.kafka_code = err;
  pause();
}

const char* OffsetLookup::what() const {
  switch (step_) {
    case Step::kTopics:
      return "looking up the topics";
    case Step::kCommits:
      return "reading the commits of groups";
    case Step::kStarts:
    case Step::kLateStarts:
      return "listing the start offsets";
    case Step::kEnds:
    case Step::kWrittenEnds:
      return "listing the end offsets";
    default:
      return "asking for the topics' cleanup policies";
  }
}

}  // namespace tidemark
