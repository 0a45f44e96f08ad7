// KafkaSource: the partitions of one Kafka cluster, through one librdkafka client without a group.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clock.h"
#include "kafka/authentication_failures.h"
#include "kafka/client.h"
#include "kafka/kafka_partition.h"
#include "kafka/opening.h"
#include "kafka/topic_watch.h"
#include "source/source.h"

namespace tidemark {

class KafkaSource final : public Source {
 public:
  // `config`: librdkafka's properties as the user gave them; the client's own win.
  explicit KafkaSource(Properties config) : config_(std::move(config)) {}

  void open(const Demand& demand, SourceEvents& events, Bell& bell) override;
  Clock::time_point serve(Clock::time_point now) override;
  size_t share_budget(size_t bytes, size_t partitions) override;
  Status start(PartitionHandle partition, const AssignedPartition& assigned) override;
  void stop(PartitionHandle partition) override;
  Taken take(PartitionHandle partition, size_t room, PartitionInput& input) override;
  void enter_live() override;
  Progress progress(PartitionHandle partition) override;
  StallFacts stall_facts(PartitionHandle partition) const override;
  SourceMemory memory() override;
  void close(std::chrono::milliseconds timeout) override;

  // From any thread.
  Status set_oauth_token(const std::string& token, int64_t lifetime_ms,
                         const std::string& principal);
  void set_oauth_token_failure(const std::string& reason);

 private:
  Clock::time_point serve_opening(Clock::time_point now);
  void serve_stream(Clock::time_point now);
  void on_client_event(ClientEvent event);
  void note_authentication(const ClientEvent& event);
  void fail_partitions_of(const std::string& topic, rd_kafka_resp_err_t err, const char* reason);
  void assign_added();
  void assign(std::vector<AssignedPartition> partitions);
  KafkaPartition* find(PartitionHandle partition) const;

  const Properties config_;
  Demand demand_;
  SourceEvents* events_ = nullptr;
  Bell* bell_ = nullptr;
  std::mutex client_mutex_;  // the client's handle is given up by one thread, used by another
  Client client_;
  ClientListener listener_;
  Status failure_;                  // of the client, which could not be made
  std::optional<Opening> opening_;  // until the source is open
  bool is_over_ = false;            // it could not be opened, and that was told
  bool is_live_ = false;
  AuthenticationFailures failures_;  // since it is open
  std::set<int32_t> connected_;      // brokers, by id
  TopicWatch topic_watch_{client_};
  Clock::time_point next_topic_check_;
  // What the partitions of a topic have in common, those that are added later too.
  struct Topic {
    std::string name;
    GapPolicy gap_policy;
    std::shared_ptr<const TopicIdentity> identity;
  };
  std::vector<Topic> topics_;
  std::vector<TopicChanges::Added> added_;  // partitions that wait for the end of the replay
  std::vector<std::unique_ptr<KafkaPartition>> partitions_;  // by the handle's slot
};

}  // namespace tidemark
