// OffsetLookup: which partitions a demand's topics have, and between which offsets each is
// replayed. One request a kind and broker for all partitions together; nothing here waits.
//
//   topics ──► commits of groups ──► start offsets ──► end offsets ──► late start offsets
//     │                                                     ──► written ends ──► policies ──► done
//     └─ the policies are asked for here, while the offsets are
//
// Start offsets are asked for before end offsets; both follow the isolation level, so that an open
// transaction is not waited for. Where no record was as late as the start's time, the start is
// asked for again after the ends: such a record may have arrived between the two, and it was left
// out. Of a partition that starts at an offset it is asked where its log starts. The written end is
// asked for only where one is to start, or to end, behind the last stable offset. What cannot be
// answered yet is asked again after a pause.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clock.h"
#include "kafka/admin_requests.h"
#include "kafka/client.h"
#include "kafka/topic_watch.h"
#include "source/source.h"
#include "status.h"
#include "token/token.h"

namespace tidemark {

class OffsetLookup {
 public:
  // From `deadline` on nobody waits for it.
  OffsetLookup(Client& client, const Demand& demand, Clock::time_point deadline);

  void begin();
  // Reads an answer to one of its requests.
  void on_answer(rd_kafka_event_t* answer);
  // Asks again if a pause is over. Returns when it wants to be called.
  Clock::time_point serve(Clock::time_point now);

  bool is_done() const { return step_ == Step::kDone; }
  // Once it is done: why it failed, or the partitions, sorted by (topic, partition), and the topics
  // as they are now.
  const Status& status() const { return status_; }
  std::vector<AssignedPartition> take_partitions() { return std::move(partitions_); }
  std::vector<WatchedTopic> take_topics() { return std::move(topics_); }
  // Those that are to join in live.
  std::vector<TopicChanges::Added> take_added() { return std::move(added_); }

  // What is asked for now, and what kept the last request from being answered in full; ok: nothing.
  const char* what() const;
  const Status& waits_for() const { return waits_for_; }

 private:
  enum class Step : uint8_t {
    kTopics,
    kCommits,
    kStarts,
    kEnds,
    kLateStarts,
    kWrittenEnds,
    kCleanupPolicies,
    kDone
  };

  void fail(Status status);
  void ask_for_topics();
  void on_topics(const rd_kafka_event_t* answer);
  // False: it is to be asked for again.
  bool take_topic(const rd_kafka_TopicDescription_t* description);
  const TopicDemand& demand_of(const std::string& topic) const;
  void begin_offsets();
  // Of the next group that has not answered; where all have, for the start offsets.
  void ask_for_commits();
  void on_commits(rd_kafka_event_t* answer);
  void begin_starts();
  void ask_for_offsets();
  bool is_asked_for(size_t index) const;  // in this step
  bool is_any_asked_for() const;
  // The largest offset at which a partition is to start or end; kNoOffset: none is named.
  int64_t last_named_offset(size_t index) const;
  void on_offsets(const rd_kafka_event_t* answer);
  // False: it is to be asked for again.
  bool take_offset(const rd_kafka_topic_partition_t* found, std::vector<int64_t>* offsets);
  OffsetSpec spec_of(size_t index) const;
  // Null for a topic that the demand does not resume.
  const Token::Topic* resumed(const std::string& topic) const;
  // It was added since the replay that is resumed began.
  bool joins_in_live(const TopicPartition& id) const;
  // To the step that comes after all offsets of this one are there.
  void go_on();
  void finish();
  // Between which offsets a partition is replayed.
  Status find_range(size_t index, ReplayRange* range) const;
  void take_cleanup_policies(const rd_kafka_event_t* answer);
  void pause_for(const std::string& topic, int32_t partition, rd_kafka_resp_err_t err);
  void pause() { ask_again_at_ = Clock::now() + kPause; }
  int attempt_ms() const;  // how long one request may take

  static constexpr auto kPause = std::chrono::milliseconds(50);

  Client& client_;
  Demand demand_;  // whose topics learn what groups have committed
  const Clock::time_point deadline_;
  const std::chrono::milliseconds most_of_an_attempt_;
  std::vector<std::string> names_;  // of the topics, sorted
  Step step_ = Step::kTopics;
  std::optional<Clock::time_point> ask_again_at_;
  // The leaders may have moved, and librdkafka asks the ones that it knows, with the epochs that it
  // knows, until it hears of others: before offsets are asked for again, it is made to.
  bool refreshes_leaders_ = false;
  bool waits_for_policies_ = false;
  Status waits_for_;
  Status status_;
  std::vector<WatchedTopic> topics_;
  std::vector<AssignedPartition> partitions_;
  std::vector<TopicChanges::Added> added_;
  std::map<std::pair<std::string, int32_t>, size_t> place_;  // in partitions_
  std::vector<std::string> groups_;                          // that have not answered
  // In the order of partitions_.
  std::vector<Start> demanded_starts_;
  std::vector<int64_t> starts_, ends_, written_ends_;
};

}  // namespace tidemark
