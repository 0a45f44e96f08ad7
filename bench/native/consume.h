// consume: reads a whole topic as fast as librdkafka hands it over, and prints the figures.
#pragma once

#include <librdkafka/rdkafka_record_batch.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "support.h"

namespace tidemark {

struct Consumption {
  int64_t records = 0;
  int64_t bytes = 0;
  int64_t steps_back = 0;  // counted with --check 1 only
};

// Rung by librdkafka when a queue that was empty gets something.
class Bell {
 public:
  static void ring(rd_kafka_t*, void* bell) {
    Bell* const self = static_cast<Bell*>(bell);
    const std::lock_guard<std::mutex> lock(self->mutex_);
    self->rung_ = true;
    self->changed_.notify_one();
  }
  void wait(std::chrono::milliseconds timeout) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, timeout, [this] { return rung_; })) fail("no record for a minute");
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_ = false;
};

// What a program reads with.
struct Reading {
  Properties properties;
  void (*count)(const rd_kafka_message_t*, Consumption*);
  // `count` that also looks at the order; nullptr where there is none.
  void (*check)(const rd_kafka_message_t*, Consumption*);
  // Called before the first fetch; nullptr where the properties say it all.
  void (*set_limits)(rd_kafka_t*, size_t partitions);
};

// All partitions share one queue, read from explicit offsets on until there are `records`, as
// `count` counts them. What is there is taken without waiting, at most kArraySize messages at a
// time, and one at first, so that the clock starts with the first record: with a timeout librdkafka
// waits for a full array, which costs up to a third.
inline int consume(int argc, char** argv, const Reading& reading) {
  constexpr size_t kArraySize = 1'000;
  constexpr auto kTimeout = std::chrono::milliseconds(60'000);
  const double started = now_seconds();
  const double cpu_before = cpu_seconds();
  Arguments arguments(argc, argv);
  Properties properties = {{"bootstrap.servers", arguments.text("bootstrap")},
                           {"enable.auto.commit", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"auto.offset.reset", "error"},
                           {"check.crcs", "true"},
                           {"fetch.wait.max.ms", "10"},
                           {"fetch.queue.backoff.ms", "2"}};
  properties.insert(properties.end(), reading.properties.begin(), reading.properties.end());
  const std::string name = arguments.text("topic");
  const int64_t wanted = arguments.number("records", INT64_MAX);
  const bool checked = arguments.number("check", 0) != 0;
  arguments.end();

  const HandlePtr handle = make_handle(RD_KAFKA_CONSUMER, properties);
  const TopicPtr topic(rd_kafka_topic_new(handle.get(), name.c_str(), nullptr),
                       rd_kafka_topic_destroy);
  const std::vector<Span> spans = topic_spans(handle.get(), topic.get());
  const int64_t records = std::min(wanted, count_records(spans));

  if (reading.set_limits) reading.set_limits(handle.get(), spans.size());

  const bool checks_order = reading.check && checked;
  const auto look = checks_order ? reading.check : reading.count;
  const std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> queue(
      rd_kafka_queue_new(handle.get()), rd_kafka_queue_destroy);
  Bell bell;
  rd_kafka_queue_cb_event_enable(queue.get(), Bell::ring, &bell);
  for (size_t i = 0; i < spans.size(); ++i) {
    if (rd_kafka_consume_start_queue(topic.get(), static_cast<int32_t>(i), spans[i].start,
                                     queue.get()) != 0)
      fail(std::string("consume_start: ") + rd_kafka_err2str(rd_kafka_last_error()));
  }
  Consumption consumption;
  std::vector<rd_kafka_message_t*> messages(kArraySize);
  double first = 0;
  double first_at_ms = 0;
  while (consumption.records < records) {
    const size_t capacity =
        first == 0 ? 1 : std::min(kArraySize, static_cast<size_t>(records - consumption.records));
    const ssize_t taken = rd_kafka_consume_batch_queue(queue.get(), 0, messages.data(), capacity);
    if (taken < 0) fail(rd_kafka_err2str(rd_kafka_last_error()));
    if (taken == 0) {
      bell.wait(kTimeout);
      continue;
    }
    if (first == 0) {
      first = now_seconds();
      first_at_ms = wall_clock_ms();
    }
    for (ssize_t i = 0; i < taken; ++i) {
      rd_kafka_message_t* message = messages[static_cast<size_t>(i)];
      if (message->err) fail(std::string("fetch: ") + rd_kafka_message_errstr(message));
      look(message, &consumption);
      rd_kafka_message_destroy(message);
    }
  }
  const double last = now_seconds();
  std::printf(
      "{\"records\":%lld,\"bytes\":%lld,\"first_at_ms\":%.3f,\"seconds_first_to_last\":%.6f,"
      "\"seconds_total\":%.6f,\"cpu_seconds\":%.6f,\"peak_rss_bytes\":%lld",
      static_cast<long long>(consumption.records), static_cast<long long>(consumption.bytes),
      first_at_ms, last - first, last - started, cpu_seconds() - cpu_before,
      static_cast<long long>(peak_rss_bytes()));
  if (checks_order) {
    std::printf(",\"steps_back\":%lld", static_cast<long long>(consumption.steps_back));
  }
  std::printf("}\n");
  // The figures are out: stopping the partitions one by one would only take time.
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace tidemark
