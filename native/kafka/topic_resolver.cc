#include "kafka/topic_resolver.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "kafka/admin_options.h"
#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

using ListPtr = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                decltype(&rd_kafka_topic_partition_list_destroy)>;

// One request; what is lost on its way is asked for again. All of creation may take longer, and
// where it is allowed to, so may a request: a broker that looks times up in remote storage does so
// for one partition after the other, and begins anew with each request.
constexpr int kAttemptMs = 10'000;
constexpr int kAttempts = 3;

// A topic that was created a moment ago may have no leader yet.
bool worth_another_try(rd_kafka_resp_err_t err) {
  return heals_by_itself(err) && err != RD_KAFKA_RESP_ERR__TIMED_OUT;
}

// An answer that does not parse. Another broker, or the same one, may give one that does.
bool is_unreadable(rd_kafka_resp_err_t err) {
  return err == RD_KAFKA_RESP_ERR__UNDERFLOW || err == RD_KAFKA_RESP_ERR__BAD_MSG;
}

int64_t offset_spec(const TopicStart& start) {
  switch (start.kind) {
    case TopicStart::Kind::kEarliest:
      return RD_KAFKA_OFFSET_SPEC_EARLIEST;
    case TopicStart::Kind::kLatest:
      return RD_KAFKA_OFFSET_SPEC_LATEST;
    case TopicStart::Kind::kTimestamp:
      return start.timestamp;
  }
  return RD_KAFKA_OFFSET_SPEC_EARLIEST;
}

}  // namespace

Status TopicResolver::resolve(const std::vector<TopicStart>& topics, bool read_committed,
                              int64_t cutoff,
                              const std::function<Status(size_t)>& on_partition_count,
                              std::vector<ResolvedPartition>* partitions) {
  most_of_an_attempt_ms_ = std::max(kAttemptMs, answers_.remaining_ms() / kAttempts);
  if (Status status = describe_topics(topics); !status.ok()) return status;
  if (Status status = on_partition_count(found_.size()); !status.ok()) return status;
  request_cleanup_policies(topics);

  std::map<std::string, int64_t> spec_of;
  for (const TopicStart& topic : topics)
    spec_of[topic.topic] = offset_spec(topic);
  std::vector<int64_t> specs, starts, ends;
  for (const ResolvedPartition& partition : found_)
    specs.push_back(spec_of[partition.id.topic]);
  if (Status status = list_offsets(read_committed, specs, "listing the start offsets", &starts);
      !status.ok()) {
    return status;
  }
  std::fill(specs.begin(), specs.end(), RD_KAFKA_OFFSET_SPEC_LATEST);
  if (Status status = list_offsets(read_committed, specs, "listing the end offsets", &ends);
      !status.ok()) {
    return status;
  }
  while (policies_pending_) {
    EventPtr answer = answers_.next_answer();
    if (!answer) return timed_out("asking for the topics' cleanup policies");
    take_cleanup_policies(answer.get());
  }
  for (size_t i = 0; i < found_.size(); ++i) {
    // -1: no record at or after the timestamp, so the replay starts, and ends, at the end.
    const int64_t start = starts[i] < 0 ? ends[i] : std::min(starts[i], ends[i]);
    found_[i].range = ReplayRange{start, ends[i], cutoff};
  }
  *partitions = std::move(found_);
  return Status();
}

Status TopicResolver::describe_topics(const std::vector<TopicStart>& topics) {
  const char* const what = "looking up the topics";
  names_.clear();
  for (const TopicStart& topic : topics)
    names_.push_back(topic.topic);
  std::sort(names_.begin(), names_.end());
  for (;;) {
    EventPtr answer = describe();
    if (!answer) return timed_out(what);
    if (rd_kafka_resp_err_t err = rd_kafka_event_error(answer.get())) {
      if (!heals_by_itself(err) && !is_unreadable(err))
        return kafka_error(err, what, rd_kafka_event_error_string(answer.get()));
      if (is_unreadable(err)) wait_for(names_.front(), -1, err);
      if (!answers_.pause_before_retry()) return timed_out(what);
      continue;
    }
    found_.clear();
    topics_.clear();
    bool again = false;
    size_t count = 0;
    const rd_kafka_TopicDescription_t** described = rd_kafka_DescribeTopics_result_topics(
        rd_kafka_event_DescribeTopics_result(answer.get()), &count);
    for (size_t i = 0; i < count; ++i) {
      const std::string name = rd_kafka_TopicDescription_name(described[i]);
      const rd_kafka_error_t* error = rd_kafka_TopicDescription_error(described[i]);
      if (const rd_kafka_resp_err_t err = rd_kafka_error_code(error)) {
        if (worth_another_try(err)) {
          wait_for(name, -1, err);
          again = true;
          continue;
        }
        Status status = kafka_error(err, "topic '" + name + "'", rd_kafka_error_string(error));
        status.topic = name;
        return status;
      }
      size_t partitions = 0;
      const rd_kafka_TopicPartitionInfo_t** infos =
          rd_kafka_TopicDescription_partitions(described[i], &partitions);
      if (partitions == 0) {
        Status status = Status::error(ErrorCode::kNoPartitions,
                                      "topic '" + name + "' has no partitions; create some first");
        status.topic = name;
        return status;
      }
      const auto place = std::find(names_.begin(), names_.end(), name);
      const auto topic_index = static_cast<int32_t>(place - names_.begin());
      topics_.push_back(
          {name, topic_id_of(described[i]), static_cast<int32_t>(partitions), topic_index});
      for (size_t k = 0; k < partitions; ++k) {
        found_.push_back(
            {TopicPartition{name, rd_kafka_TopicPartitionInfo_partition(infos[k]), topic_index},
             ReplayRange{}, GapPolicy::kCount});
      }
    }
    if (!again) break;
    if (!answers_.pause_before_retry()) return timed_out(what);
  }
  waits_for_ = Status();
  std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return Status();
}

int TopicResolver::attempt_ms() const {
  return std::min(answers_.remaining_ms(), most_of_an_attempt_ms_);
}

EventPtr TopicResolver::describe() {
  std::vector<const char*> names;
  for (const std::string& name : names_)
    names.push_back(name.c_str());
  std::unique_ptr<rd_kafka_TopicCollection_t, decltype(&rd_kafka_TopicCollection_destroy)>
      collection(rd_kafka_TopicCollection_of_topic_names(names.data(), names.size()),
                 rd_kafka_TopicCollection_destroy);
  AdminOptionsPtr options =
      admin_options(client_.handle(), RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, attempt_ms());
  rd_kafka_DescribeTopics(client_.handle(), collection.get(), options.get(), client_.events());
  return answer_of(RD_KAFKA_EVENT_DESCRIBETOPICS_RESULT);
}

Status TopicResolver::list_offsets(bool read_committed, const std::vector<int64_t>& specs,
                                   const char* what, std::vector<int64_t>* offsets) {
  ListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(found_.size())),
               rd_kafka_topic_partition_list_destroy);
  std::map<std::pair<std::string, int32_t>, size_t> place;
  for (size_t i = 0; i < found_.size(); ++i) {
    const TopicPartition& id = found_[i].id;
    rd_kafka_topic_partition_list_add(list.get(), id.topic.c_str(), id.partition)->offset =
        specs[i];
    place[{id.topic, id.partition}] = i;
  }
  offsets->assign(found_.size(), -1);
  for (;;) {
    AdminOptionsPtr options =
        admin_options(client_.handle(), RD_KAFKA_ADMIN_OP_LISTOFFSETS, attempt_ms());
    // The admin call has an isolation level of its own, read_uncommitted unless told: with an open
    // transaction its end offset is past the last stable one, and the replay would wait for it.
    rd_kafka_error_destroy(rd_kafka_AdminOptions_set_isolation_level(
        options.get(), read_committed ? RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED
                                      : RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED));
    rd_kafka_ListOffsets(client_.handle(), list.get(), options.get(), client_.events());
    EventPtr answer = answer_of(RD_KAFKA_EVENT_LISTOFFSETS_RESULT);
    if (!answer) return timed_out(what);
    const rd_kafka_resp_err_t err = rd_kafka_event_error(answer.get());
    const bool lacks_leaders = err == RD_KAFKA_RESP_ERR__NOENT;  // all of them
    if (err && !heals_by_itself(err) && !lacks_leaders)
      return kafka_error(err, what, rd_kafka_event_error_string(answer.get()));
    if (lacks_leaders) {
      const TopicPartition& first = found_.front().id;
      wait_for(first.topic, first.partition, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE);
    }
    bool again = err != RD_KAFKA_RESP_ERR_NO_ERROR;
    size_t count = 0;
    const rd_kafka_ListOffsetsResultInfo_t** infos =
        rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(answer.get()), &count);
    for (size_t i = 0; i < count; ++i) {
      const rd_kafka_topic_partition_t* partition =
          rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
      if (partition->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const size_t index = place[{partition->topic, partition->partition}];
        // -1 answers a time, which is 0 or more: no record is so late.
        if (partition->offset >= 0 || (partition->offset == -1 && specs[index] >= 0)) {
          (*offsets)[index] = partition->offset;
          continue;
        }
        // What librdkafka leaves when the broker has not answered.
        wait_for(partition->topic, partition->partition, RD_KAFKA_RESP_ERR__TRANSPORT);
        again = true;
      } else if (worth_another_try(partition->err)) {
        wait_for(partition->topic, partition->partition, partition->err);
        again = true;
      } else {
        Status status = kafka_error(partition->err, what, nullptr);
        if (partition->err == RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT) {
          status = Status::error(ErrorCode::kTimeLookupUnsupported,
                                 std::string(what) +
                                     ": this broker cannot look up offsets by time; start from "
                                     "earliest or latest");
          status.kafka_code = partition->err;
        }
        status.topic = partition->topic;
        status.partition = partition->partition;
        return status;
      }
    }
    if (!again) {
      waits_for_ = Status();
      return Status();
    }
    if (!answers_.pause_before_retry()) return timed_out(what);
    // The leaders may have moved, and librdkafka asks the ones that it knows, with the epochs that
    // it knows, until it hears of others.
    if (!describe()) return timed_out(what);
  }
}

// Every offset of a log is covered by a record batch unless the topic is compacted. Asked for
// beside the offsets; where it cannot be told, missing offsets are counted instead of refused. So
// brokers that never answer get half of the time for creation, not all.
void TopicResolver::request_cleanup_policies(const std::vector<TopicStart>& topics) {
  std::vector<rd_kafka_ConfigResource_t*> resources;
  for (const TopicStart& topic : topics) {
    resources.push_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.topic.c_str()));
  }
  AdminOptionsPtr options = admin_options(client_.handle(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS,
                                          answers_.remaining_ms() / 2);
  rd_kafka_DescribeConfigs(client_.handle(), resources.data(), resources.size(), options.get(),
                           client_.events());
  rd_kafka_ConfigResource_destroy_array(resources.data(), resources.size());
  policies_pending_ = true;
}

void TopicResolver::take_cleanup_policies(const rd_kafka_event_t* answer) {
  policies_pending_ = false;
  const auto* result = rd_kafka_event_DescribeConfigs_result(const_cast<rd_kafka_event_t*>(answer));
  if (!result || rd_kafka_event_error(const_cast<rd_kafka_event_t*>(answer))) return;
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
      for (ResolvedPartition& partition : found_) {
        if (partition.id.topic == rd_kafka_ConfigResource_name(resources[i]))
          partition.gap_policy = GapPolicy::kError;
      }
    }
  }
}

// The answers of requests that run side by side come in any order.
EventPtr TopicResolver::answer_of(rd_kafka_event_type_t type) {
  for (;;) {
    EventPtr answer = answers_.next_answer();
    if (!answer || rd_kafka_event_type(answer.get()) == type) return answer;
    if (rd_kafka_event_type(answer.get()) == RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT)
      take_cleanup_policies(answer.get());
  }
}

void TopicResolver::wait_for(const std::string& topic, int32_t partition, rd_kafka_resp_err_t err) {
  waits_for_ = Status::error(ErrorCode::kCreateTimeout, "topic '" + topic + "'");
  if (partition >= 0) waits_for_.message += ", partition " + std::to_string(partition);
  waits_for_.message += std::string(": ") + rd_kafka_err2str(err);
  waits_for_.topic = topic;
  waits_for_.partition = partition;
  waits_for_.kafka_code = err;
}

Status TopicResolver::timed_out(const char* what) const {
  Status status = waits_for_;
  status.code = ErrorCode::kCreateTimeout;
  status.message =
      std::string(what) + " took too long" + (waits_for_.ok() ? "" : ": " + waits_for_.message);
  return status;
}

}  // namespace tidemark
