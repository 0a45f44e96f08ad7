// Client: one librdkafka consumer handle without a group, and its queue of events.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_record_batch_partition.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kafka/brokers.h"
#include "kafka/configuration.h"
#include "kafka/fetch_limits.h"
#include "log/topic_partition.h"
#include "source/client_event.h"
#include "source/source_memory.h"
#include "status.h"

namespace tidemark {

struct ClientOptions {
  Properties config;  // of the user; the client's own properties win
  bool read_committed = true;
};

// What arrives on the client's event queue beside the answers to requests.
struct ClientListener {
  std::function<void(LogLine)> on_log;
  std::function<void()> on_token_request;  // OAUTHBEARER
  std::function<void(ClientEvent)> on_client_event;
};

using EventPtr = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;

class Client {
 public:
  Client() = default;
  Client(Client&&) = delete;
  ~Client();

  // `on_ready` is called from librdkafka's threads when the event queue stops being empty; it must
  // not call librdkafka.
  Status open(const ClientOptions& options, void (*on_ready)(rd_kafka_t*, void*), void* opaque);

  // Serves events until the queue is empty, or until an answer to a request is found.
  EventPtr serve(const ClientListener& listener);

  // What is known of a partition that is fetched.
  using Progress = rd_kafka_record_batch_progress_t;
  Progress progress_of(const TopicPartition& id) const;

  SourceMemory memory() const;

  // Sizes of queues and fetches: they follow from the number of partitions.
  void set_fetch_limits(FetchLimits limits);
  // receive.message.max.bytes.
  size_t receive_limit() const;
  // The ends of partitions, which prove the end of the replay, are not told any more.
  // `wait_at_ends_ms` is how long a broker may keep a fetch of partitions that have nothing new.
  void set_live(int wait_at_ends_ms);

  Status set_oauth_token(const std::string& token, int64_t lifetime_ms,
                         const std::string& principal);
  void set_oauth_token_failure(const std::string& reason);

  const Brokers& brokers() const { return brokers_; }
  rd_kafka_t* handle() const { return handle_; }
  rd_kafka_queue_t* events() const { return events_; }

  // Gives the handle up; the caller destroys it. Every message, queue and topic that came from it
  // must have been freed, else rd_kafka_destroy never returns.
  rd_kafka_t* detach();

 private:
  rd_kafka_t* handle_ = nullptr;
  rd_kafka_queue_t* events_ = nullptr;
  Brokers brokers_;
  std::vector<ClientEvent> throttles_;  // found while the queue was polled
};

}  // namespace tidemark
