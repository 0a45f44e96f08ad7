// TopicResolver: which partitions there are, and between which offsets each is replayed. One
// request per kind and broker for all partitions together.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kafka/client.h"
#include "kafka/topic_watch.h"
#include "log/replay_range.h"
#include "log/topic_partition.h"
#include "status.h"

namespace tidemark {

struct TopicStart {
  enum class Kind : uint8_t { kEarliest, kLatest, kTimestamp };
  std::string topic;
  Kind kind;
  int64_t timestamp = 0;  // epoch ms, for kTimestamp: the first record at or after it
};

struct ResolvedPartition {
  TopicPartition id;
  ReplayRange range;
  GapPolicy gap_policy;
};

// Waits for the answers to requests, on behalf of whoever owns the thread.
class AnswerSource {
 public:
  virtual ~AnswerSource() = default;
  // The next answer, or null when the time for creation is up or the manager is closing.
  virtual EventPtr next_answer() = 0;
  // What is left of the time for creation.
  virtual int remaining_ms() const = 0;
  // Lets a moment pass before a request is made again; false when there is no time for it.
  virtual bool pause_before_retry() = 0;
};

class TopicResolver {
 public:
  TopicResolver(Client& client, AnswerSource& answers) : client_(client), answers_(answers) {}

  // Fills `partitions`, sorted by (topic, partition). Start offsets are asked for before end
  // offsets; both follow the isolation level, so that an open transaction is not waited for.
  // `on_partition_count` is called as soon as the number of partitions is known, before anything
  // else is asked for; what it returns ends the resolution when it is not ok.
  Status resolve(const std::vector<TopicStart>& topics, bool read_committed, int64_t cutoff,
                 const std::function<Status(size_t)>& on_partition_count,
                 std::vector<ResolvedPartition>* partitions);

  // The topics that were resolved, as they are now.
  const std::vector<WatchedTopic>& topics() const { return topics_; }

 private:
  Status describe_topics(const std::vector<TopicStart>& topics);
  // How long one request may take.
  int attempt_ms() const;
  // Asks for the topics; null when the time is up. librdkafka learns from it who leads them.
  EventPtr describe();
  Status list_offsets(bool read_committed, const std::vector<int64_t>& specs, const char* what,
                      std::vector<int64_t>* offsets);
  void request_cleanup_policies(const std::vector<TopicStart>& topics);
  void take_cleanup_policies(const rd_kafka_event_t* answer);
  EventPtr answer_of(rd_kafka_event_type_t type);
  void wait_for(const std::string& topic, int32_t partition, rd_kafka_resp_err_t err);
  Status timed_out(const char* what) const;

  Client& client_;
  AnswerSource& answers_;
  int most_of_an_attempt_ms_ = 0;
  std::vector<std::string> names_;  // of the topics, sorted
  std::vector<ResolvedPartition> found_;
  std::vector<WatchedTopic> topics_;
  bool policies_pending_ = false;
  Status waits_for_;  // what kept the last request from being answered in full, if anything did
};

}  // namespace tidemark
