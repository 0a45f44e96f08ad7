// A full queue that was drained is fetched at once, whatever fetch.queue.backoff.ms says.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

using Clock = std::chrono::steady_clock;

TEST(FetchResume, TheQueueFillsAgainAsSoonAsThereIsRoom) {
  constexpr int64_t kRecords = 40;
  constexpr auto kDeadline = std::chrono::seconds(30);
  MockKafka kafka;
  kafka.create_topic("log", 1);
  const Record record{0, 1'700'000'000'000, "k", std::string(20'000, 'x'), {}};
  kafka.produce("log", std::vector<Record>(kRecords, record));
  // A fetch fills the queue beyond its limit of 1 KiB; upstream would rest for five minutes then.
  Handle consumer =
      make_handle(RD_KAFKA_CONSUMER, kafka.with_cluster({{"consume.record.batches", "true"},
                                                         {"fetch.queue.backoff.ms", "300000"},
                                                         {"queued.max.messages.kbytes", "1"},
                                                         {"fetch.message.max.bytes", "30000"}}));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(consumer.get());
  ASSERT_EQ(rd_kafka_consume_start_queue(topic, 0, 0, queue), 0);

  const auto start = Clock::now();
  int64_t next = 0;
  while (next < kRecords && Clock::now() - start < kDeadline) {
    rd_kafka_message_t* message;
    if (rd_kafka_consume_batch_queue(queue, 100, &message, 1) != 1) continue;
    EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_message_errstr(message);
    EXPECT_EQ(message->offset, next++);
    rd_kafka_message_destroy(message);
  }
  EXPECT_EQ(next, kRecords);

  rd_kafka_consume_stop(topic, 0);
  rd_kafka_queue_destroy(queue);
  rd_kafka_topic_destroy(topic);
}

}  // namespace
}  // namespace tidemark_test
