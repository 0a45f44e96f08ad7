#include "kafka/opening.h"

#include <algorithm>
#include <utility>

#include "errors.h"
#include "kafka/kafka_error.h"

namespace tidemark {

Opening::Opening(Client& client, const Properties& config, const Demand& demand)
    : config_(config),
      timeout_(demand.open_timeout),
      deadline_(Clock::now() + timeout_),
      lookup_(client, demand, deadline_) {
  lookup_.begin();
}

Clock::time_point Opening::serve(Clock::time_point now) {
  return std::min(lookup_.serve(now), deadline_);
}

std::optional<Status> Opening::outcome(Clock::time_point now) const {
  if (is_refused_) return refusal_;
  if (lookup_.is_done()) return lookup_.status();
  if (now >= deadline_) return timed_out();
  return std::nullopt;
}

void Opening::on_client_event(const ClientEvent& event) {
  // That all brokers are down says nothing of why; what was said of one of them does.
  const bool is_all_down = event.type == ClientEvent::Type::kAllBrokersDown;
  if (event.type == ClientEvent::Type::kError || (is_all_down && last_error_.empty()))
    last_error_ = event.message;
  note_authentication(event);
}

// "[thrd:app]: Configuration property …": the thread is of no use to a reader.
void Opening::on_log(const LogLine& line) {
  if (line.facility != "CONFWARN") return;
  const size_t thread_end = line.message.find("]: ");
  warnings_ += "; librdkafka warns: " +
               line.message.substr(thread_end == std::string::npos ? 0 : thread_end + 3);
}

// One broker of several may refuse, as long as it has nothing that is asked for. There is no use in
// going on when all are down and one of them refuses, which is an error at once; when one that is
// needed refuses again and again; or when no broker is to blame, but a token that could not be had.
void Opening::note_authentication(const ClientEvent& event) {
  const auto err = static_cast<rd_kafka_resp_err_t>(event.kafka_code);
  if (refuses_client(err)) {
    refusal_ = kafka_error(err, "connecting", event.message.c_str());
    is_refused_ |= event.broker.empty();
    // Those without an id are of bootstrap.servers: any of them will do.
    is_refused_ |= event.broker_id >= 0 && failures_.is_lasting(event.broker_id, Clock::now());
  } else if (event.type == ClientEvent::Type::kBrokerUp) {
    failures_.forget(event.broker_id);
    if (!is_refused_) refusal_.reset();
  } else if (event.type == ClientEvent::Type::kAllBrokersDown) {
    is_refused_ |= refusal_.has_value();
  }
}

Status Opening::timed_out() const {
  std::string servers;
  for (const auto& [name, value] : config_) {
    if (name == "bootstrap.servers" || name == "metadata.broker.list") servers = value;
  }
  return create_timeout(
      {lookup_.what(), lookup_.waits_for(), timeout_, servers, last_error_, warnings_});
}

}  // namespace tidemark
