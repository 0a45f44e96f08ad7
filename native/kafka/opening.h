// Opening: finds the partitions of a demand, and between which offsets each is replayed, within the
// time that `create` may take; or says why it cannot.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "kafka/authentication_failures.h"
#include "kafka/client.h"
#include "kafka/offset_lookup.h"
#include "source/source.h"

namespace tidemark {

class Opening {
 public:
  // Both must outlive it. `config` is what the user gave.
  Opening(Client& client, const Properties& config, const Demand& demand);

  void on_client_event(const ClientEvent& event);
  void on_log(const LogLine& line);
  void on_answer(rd_kafka_event_t* answer) { lookup_.on_answer(answer); }
  // Does what is due. Returns when it wants to be called.
  Clock::time_point serve(Clock::time_point now);

  // Empty while it is under way.
  std::optional<Status> outcome(Clock::time_point now) const;
  // Once the outcome is ok.
  OffsetLookup& lookup() { return lookup_; }

 private:
  void note_authentication(const ClientEvent& event);
  Status timed_out() const;

  const Properties& config_;
  const std::chrono::milliseconds timeout_;
  const Clock::time_point deadline_;
  OffsetLookup lookup_;
  std::string last_error_;
  std::string warnings_;           // of librdkafka, about the configuration
  std::optional<Status> refusal_;  // the last one
  AuthenticationFailures failures_;
  bool is_refused_ = false;  // for good
};

}  // namespace tidemark
