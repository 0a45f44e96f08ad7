// Creation: finds the partitions that a stream reads, and between which offsets, within the time
// that `create` may take; or says why it cannot.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "engine/engine_options.h"
#include "engine/refusals.h"
#include "engine/wake_up.h"
#include "kafka/client.h"
#include "kafka/topic_resolver.h"

namespace tidemark {

class Creation : private AnswerSource {
 public:
  // All of them must outlive this. `listener` hears of what happens meanwhile; `closing` ends it.
  Creation(const EngineOptions& options, Client& client, const ClientListener& listener,
           WakeUp& wake_up, const std::atomic<bool>& closing);

  Status run();

  // Once run() was ok.
  const std::vector<ResolvedPartition>& partitions() const { return partitions_; }
  const std::vector<WatchedTopic>& topics() const { return resolver_.topics(); }

 private:
  void hear(const Notice& notice);
  void hear(const LogLine& line);
  void take_refusal(const Notice& notice);
  EventPtr next_answer() override;
  int remaining_ms() const override;
  bool pause_before_retry() override;
  bool is_over() const;
  Status check_budget(size_t partitions) const;
  Status explain_timeout(Status status) const;

  const EngineOptions& options_;
  Client& client_;
  ClientListener listener_;
  WakeUp& wake_up_;
  const std::atomic<bool>& closing_;
  const Clock::time_point deadline_;
  TopicResolver resolver_;
  std::vector<ResolvedPartition> partitions_;
  std::string last_error_;
  std::string warnings_;           // of librdkafka, about the configuration
  std::optional<Status> refusal_;  // the last one
  Refusals refusals_;
  bool is_refused_ = false;  // for good
};

}  // namespace tidemark
