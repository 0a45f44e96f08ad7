// Producer: writes records for tests and the demo. Queueing a record never blocks; everything that
// does (flushing, transactions) happens on a thread of the producer's own.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "clock.h"
#include "kafka/configuration.h"
#include "source/wake_up.h"
#include "status.h"

namespace tidemark {

enum class ProducerTask { kFlush, kWaitForRoom, kInit, kBegin, kCommit, kAbort };

// What a task came to. The id is the caller's; 0 answers start() itself.
struct ProducerAnswer {
  uint32_t id;
  Status status;
};

// How far a send came: the position after the last record that was queued, or after the one that
// the status refuses. Short of the end with a status that is ok: the queue is full.
struct SendResult {
  size_t end;
  Status status;
};

class Producer {
 public:
  static constexpr uint32_t kOpened = 0;

  // `notify` is called from the producer's thread when there are answers, and when it has ended.
  static std::shared_ptr<Producer> start(Properties config, std::function<void()> notify);

  // For one thread, from the answer to kOpened until close().
  // The number by which packed records name a topic; negative where librdkafka refuses the name.
  int32_t topic(const std::string& name);
  // Queues the packed records (src/testing/packed-records.ts) from `begin` on. They are copied.
  SendResult send(const uint8_t* packed, size_t size, size_t begin);

  // From any thread. Tasks are done one after another; each gets one answer. `notify` follows it,
  // but for a task that is added when the producer has ended.
  void add(uint32_t id, ProducerTask task, std::chrono::milliseconds timeout);
  std::vector<ProducerAnswer> take_answers();
  bool is_closed() const;
  // Once it is closed: what became of the records that were still queued.
  Status last_status() const;

  // Tasks that wait get kClosed; what is queued is sent within `grace`, the rest is dropped. May be
  // called again, with a shorter one. join() waits for the end.
  void close(std::chrono::milliseconds grace = std::chrono::milliseconds(0));
  void join();

 private:
  struct Task {
    uint32_t id;
    ProducerTask kind;
    std::chrono::milliseconds timeout;
  };

  explicit Producer(std::function<void()> notify) : notify_(std::move(notify)) {}

  void run();
  void end(Status last_status);
  Status open(const Properties& config);
  void answer(uint32_t id, Status status);
  std::optional<Task> next_task();
  Status perform(const Task& task);
  Status flush(Clock::time_point deadline);
  Status last_flush();
  Status not_acknowledged(const char* what) const;
  Status wait_for_room();
  // `call` is given a timeout in ms; librdkafka goes on where it was when it is called again.
  Status transact(const char* what, Clock::time_point deadline,
                  const std::function<rd_kafka_error_t*(int)>& call);
  Status take_failures();
  bool is_closing() const;
  Clock::time_point close_deadline() const;
  std::string waiting_for() const;

  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque);
  static void on_error(rd_kafka_t*, int err, const char* reason, void* opaque);

  const std::function<void()> notify_;
  std::thread thread_;
  WakeUp wake_up_;

  mutable std::mutex mutex_;  // guards the following
  std::deque<Task> tasks_;
  std::vector<ProducerAnswer> answers_;
  bool is_closing_ = false;
  bool is_closed_ = false;
  Clock::time_point close_deadline_ = Clock::time_point::max();
  Status last_status_;

  rd_kafka_t* handle_ = nullptr;
  std::vector<rd_kafka_topic_t*> topics_;

  // Of the producer's thread.
  Status first_failure_;
  uint64_t failures_ = 0;
  std::string last_error_;
};

}  // namespace tidemark
