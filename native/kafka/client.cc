#include "kafka/client.h"

#include <librdkafka/rdkafka_record_batch_memory.h>
#include <librdkafka/rdkafka_record_batch_settings.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "errors.h"
#include "keep_freed_memory.h"

namespace tidemark {
namespace {

// While the replay runs: a short wait, since a fetch that waits at the ends of some partitions
// keeps those waiting that are only now begun to be fetched. One in which a partition has more is
// never short, see the patch.
constexpr int kReplayWaitAtEndsMs = RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS;

bool is_set(const Properties& config, const char* name) {
  for (const auto& property : config) {
    if (property.first == name) return true;
  }
  return false;
}

// What holds where the user sets nothing else. A connection that has gone silent is given up, and a
// broker that is back is found, within seconds: librdkafka takes 60 and 10. No response is so slow
// that it needs more, since one that is on its way does not time out (see the patch).
Properties default_properties(const Properties& config) {
  Properties defaults = {
      {"client.id", "tidemark"},
      {"socket.timeout.ms", "5000"},
      {"socket.connection.setup.timeout.ms", "5000"},
      {"socket.keepalive.enable", "true"},
  };
  // It must not be below a user's smallest.
  if (!is_set(config, "reconnect.backoff.ms"))
    defaults.push_back({"reconnect.backoff.max.ms", "1000"});
  return defaults;
}

}  // namespace

Client::~Client() {
  if (rd_kafka_t* handle = detach()) rd_kafka_destroy(handle);
}

Status Client::open(const ClientOptions& options, void (*on_ready)(rd_kafka_t*, void*),
                    void* opaque) {
  keep_freed_memory();
  std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> conf(rd_kafka_conf_new(),
                                                                          rd_kafka_conf_destroy);
  char reason[512];
  const auto set = [&](const Properties& properties) {
    for (const auto& [name, value] : properties) {
      if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof(reason)) !=
          RD_KAFKA_CONF_OK) {
        return unaccepted_value(name);
      }
    }
    return Status();
  };
  if (Status status = set(default_properties(options.config)); !status.ok()) return status;
  if (Status status = set(options.config); !status.ok()) return status;
  if (Status status = set(own_properties(options.read_committed)); !status.ok()) return status;
  // Of the lines before there is a queue: without this they are printed to stderr.
  rd_kafka_conf_set_log_cb(conf.get(), nullptr);
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_throttle_cb(
      conf.get(), [](rd_kafka_t*, const char* broker, int32_t id, int ms, void* client) {
        ClientEvent notice{ClientEvent::Type::kThrottled};
        notice.broker = broker;
        notice.broker_id = id;
        notice.throttle_ms = ms;
        static_cast<Client*>(client)->throttles_.push_back(std::move(notice));
      });
  brokers_.watch(conf.get(), on_ready, opaque);
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_ERROR |
                                           RD_KAFKA_EVENT_OAUTHBEARER_TOKEN_REFRESH);

  handle_ = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), reason, sizeof(reason));
  if (!handle_) {
    if (rd_kafka_last_error() == RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE) return no_thread(reason);
    return refused_configuration(reason, options.config);
  }
  conf.release();  // rd_kafka_new took it over
  rd_kafka_record_batch_set_fetch_wait_at_ends_ms(handle_, kReplayWaitAtEndsMs);
  events_ = rd_kafka_queue_get_main(handle_);
  rd_kafka_set_log_queue(handle_, nullptr);  // nullptr: the main queue
  rd_kafka_queue_cb_event_enable(events_, on_ready, opaque);
  return Status();
}

EventPtr Client::serve(const ClientListener& listener) {
  for (;;) {
    EventPtr event(rd_kafka_queue_poll(events_, 0), rd_kafka_event_destroy);
    for (ClientEvent& notice : std::exchange(throttles_, {}))
      listener.on_client_event(std::move(notice));
    for (ClientEvent& notice : brokers_.take_changes())
      listener.on_client_event(std::move(notice));
    switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_NONE:
        return EventPtr(nullptr, rd_kafka_event_destroy);
      case RD_KAFKA_EVENT_LOG: {
        const char *facility, *message;
        int level;
        if (rd_kafka_event_log(event.get(), &facility, &message, &level) == 0)
          listener.on_log({level, facility, message});
        break;
      }
      case RD_KAFKA_EVENT_ERROR: {
        const rd_kafka_resp_err_t err = rd_kafka_event_error(event.get());
        ClientEvent notice{err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN
                               ? ClientEvent::Type::kAllBrokersDown
                               : ClientEvent::Type::kError};
        notice.kafka_code = err;
        notice.message = rd_kafka_event_error_string(event.get());
        if (notice.type == ClientEvent::Type::kError) brokers_.note_error(&notice);
        listener.on_client_event(std::move(notice));
        break;
      }
      case RD_KAFKA_EVENT_OAUTHBEARER_TOKEN_REFRESH:
        listener.on_token_request();
        break;
      default:
        return event;
    }
  }
}

size_t Client::receive_limit() const {
  char value[32];
  size_t size = sizeof(value);
  rd_kafka_conf_get(rd_kafka_conf(handle_), "receive.message.max.bytes", value, &size);
  return std::strtoul(value, nullptr, 10);
}

void Client::set_fetch_limits(FetchLimits limits) {
  limits.fit_response_into(static_cast<int>(receive_limit()));
  rd_kafka_record_batch_set_fetch_limits(handle_, &limits);
}

// Threads add and subtract while it is read: a counter may be below zero for a moment.
SourceMemory Client::memory() const {
  rd_kafka_record_batch_memory_t known;
  rd_kafka_record_batch_get_memory(handle_, &known);
  const auto bytes = [](int64_t counted) {
    return static_cast<size_t>(std::max<int64_t>(counted, 0));
  };
  SourceMemory memory;
  memory.responses = bytes(known.responses);
  memory.queued = {bytes(known.queued.payload), bytes(known.queued.fixed)};
  memory.taken = {bytes(known.taken.payload), bytes(known.taken.fixed)};
  memory.client = bytes(known.client);
  return memory;
}

Client::Progress Client::progress_of(const TopicPartition& id) const {
  Progress progress{-1, -1, RD_KAFKA_RESP_ERR_NO_ERROR, 0};
  rd_kafka_record_batch_get_progress(handle_, id.topic.c_str(), id.partition, &progress);
  return progress;
}

void Client::set_live(int wait_at_ends_ms) {
  rd_kafka_record_batch_set_fetch_wait_at_ends_ms(handle_, wait_at_ends_ms);
  rd_kafka_record_batch_set_partition_eof(handle_, false);
}

Status Client::set_oauth_token(const std::string& token, int64_t lifetime_ms,
                               const std::string& principal) {
  char reason[256];
  const rd_kafka_resp_err_t err = rd_kafka_oauthbearer_set_token(
      handle_, token.c_str(), lifetime_ms, principal.c_str(), nullptr, 0, reason, sizeof(reason));
  if (!err) return Status();
  Status status = token_refused(reason);
  status.kafka_code = err;
  return status;
}

void Client::set_oauth_token_failure(const std::string& reason) {
  rd_kafka_oauthbearer_set_token_failure(handle_, reason.c_str());
}

rd_kafka_t* Client::detach() {
  brokers_.mute();
  if (!handle_) return nullptr;
  rd_kafka_queue_cb_event_enable(events_, nullptr, nullptr);
  rd_kafka_queue_destroy(events_);
  events_ = nullptr;
  return std::exchange(handle_, nullptr);
}

}  // namespace tidemark
