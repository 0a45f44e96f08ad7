#include "kafka/topic_watch.h"

#include <algorithm>

#include "kafka/admin_requests.h"
#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

constexpr int kRequestTimeoutMs = 5'000;
constexpr bool kReadCommitted = false;  // of a log's beginning it makes no difference
constexpr int kLooksUntilGone = 3;

}  // namespace

TopicId topic_id_of(const rd_kafka_TopicDescription_t* description) {
  const rd_kafka_Uuid_t* id = rd_kafka_TopicDescription_topic_id(description);
  if (!id) return kNoTopicId;
  return {rd_kafka_Uuid_most_significant_bits(id), rd_kafka_Uuid_least_significant_bits(id)};
}

void TopicWatch::watch(std::vector<WatchedTopic> topics) { topics_ = std::move(topics); }

void TopicWatch::ask() {
  if (asked_) return;
  std::vector<std::string> names;
  for (const WatchedTopic& topic : topics_)
    names.push_back(topic.name);
  describe_topics(client_, names, kRequestTimeoutMs);
  asked_ = true;
}

bool TopicWatch::take(rd_kafka_event_t* answer, TopicChanges* changes) {
  switch (rd_kafka_event_type(answer)) {
    case RD_KAFKA_EVENT_DESCRIBETOPICS_RESULT:
      take_descriptions(answer, changes);
      return true;
    case RD_KAFKA_EVENT_LISTOFFSETS_RESULT:
      take_starts(answer, changes);
      return true;
    default:
      return false;
  }
}

void TopicWatch::take_descriptions(rd_kafka_event_t* answer, TopicChanges* changes) {
  asked_ = false;
  if (rd_kafka_event_error(answer)) return;
  size_t count = 0;
  const rd_kafka_TopicDescription_t** descriptions =
      rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(answer), &count);
  for (size_t i = 0; i < count; ++i) {
    const std::string name = rd_kafka_TopicDescription_name(descriptions[i]);
    const auto topic = std::find_if(topics_.begin(), topics_.end(),
                                    [&](const auto& watched) { return watched.name == name; });
    if (topic != topics_.end()) compare(*topic, descriptions[i], changes);
  }
  if (!added_.empty()) ask_for_starts();
}

void TopicWatch::compare(WatchedTopic& topic, const rd_kafka_TopicDescription_t* now,
                         TopicChanges* changes) {
  const rd_kafka_resp_err_t err = rd_kafka_error_code(rd_kafka_TopicDescription_error(now));
  if (says_topic_is_gone(err)) {
    // A broker that has just started may not know its topics yet.
    if (++missing_[topic.name] >= kLooksUntilGone)
      changes->faults.push_back({topic.name, err, "the topic was deleted"});
    return;
  }
  if (err) return;
  missing_.erase(topic.name);
  const TopicId id = topic_id_of(now);
  if (id != topic.id && id != kNoTopicId && topic.id != kNoTopicId) {
    changes->faults.push_back({topic.name, RD_KAFKA_RESP_ERR_INCONSISTENT_TOPIC_ID,
                               "the topic was deleted and created again"});
    return;
  }
  if (!topic.takes_added) return;
  size_t partition_count = 0;
  rd_kafka_TopicDescription_partitions(now, &partition_count);
  for (; topic.partition_count < static_cast<int32_t>(partition_count); ++topic.partition_count)
    added_.push_back({topic.name, topic.partition_count, topic.topic_index});
}

void TopicWatch::ask_for_starts() {
  std::vector<OffsetQuestion> questions;
  for (const TopicPartition& id : added_)
    questions.push_back({id, RD_KAFKA_OFFSET_SPEC_EARLIEST});
  list_offsets(client_, questions, kReadCommitted, kRequestTimeoutMs);
  asked_ = true;
}

// Those that have no leader yet are asked for again with the next descriptions.
void TopicWatch::take_starts(rd_kafka_event_t* answer, TopicChanges* changes) {
  asked_ = false;
  if (rd_kafka_event_error(answer)) return;
  size_t count = 0;
  const rd_kafka_ListOffsetsResultInfo_t** infos =
      rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(answer), &count);
  for (size_t i = 0; i < count; ++i) {
    const rd_kafka_topic_partition_t* found =
        rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
    const auto added = std::find_if(added_.begin(), added_.end(), [&](const TopicPartition& id) {
      return id.topic == found->topic && id.partition == found->partition;
    });
    // An offset that is none: the broker has not answered.
    if (found->err || found->offset < 0 || added == added_.end()) continue;
    changes->added.push_back({*added, found->offset});
    added_.erase(added);
  }
}

}  // namespace tidemark
