// fetch.wait.max.ms and enable.partition.eof, set while the consumer runs.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka_record_batch_settings.h>

#include <chrono>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Waits until `count` more fetches reach the cluster; false when they do not.
bool see_fetches(MockKafka& kafka, size_t count) {
  rd_kafka_mock_clear_requests(kafka.cluster());
  return kafka.wait_for_fetches(count);
}

/// How long it takes until `count` more fetches reach the cluster.
Clock::duration time_for_fetches(MockKafka& kafka, size_t count) {
  const auto start = Clock::now();
  EXPECT_TRUE(see_fetches(kafka, count));
  return Clock::now() - start;
}

TEST(FetchWait, IsSetWhileTheConsumerRuns) {
  constexpr milliseconds kLong{1'000};
  MockKafka kafka;
  kafka.create_topic("log", 1);
  Handle consumer =
      make_handle(RD_KAFKA_CONSUMER,
                  kafka.with_cluster({{"consume.record.batches", "true"},
                                      {"fetch.wait.max.ms", std::to_string(kLong.count())}}));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  rd_kafka_mock_start_request_tracking(kafka.cluster());
  ASSERT_EQ(rd_kafka_consume_start(topic, 0, 0), 0);

  // Nothing to fetch: each fetch but the first comes when the one before it has waited in vain.
  EXPECT_GE(time_for_fetches(kafka, 3), 2 * kLong - milliseconds(10));
  rd_kafka_record_batch_set_fetch_wait_at_ends_ms(consumer.get(), 1);
  // With the long wait they would take twice as long as is waited for them.
  EXPECT_TRUE(see_fetches(kafka, 60));
  rd_kafka_record_batch_set_fetch_wait_at_ends_ms(consumer.get(), static_cast<int>(kLong.count()));
  EXPECT_GE(time_for_fetches(kafka, 3), kLong - milliseconds(10));

  rd_kafka_consume_stop(topic, 0);
  rd_kafka_topic_destroy(topic);
}

TEST(PartitionEof, IsSetWhileTheConsumerRuns) {
  MockKafka kafka;
  kafka.create_topic("log", 1);
  Handle consumer =
      make_handle(RD_KAFKA_CONSUMER, kafka.with_cluster({{"consume.record.batches", "true"},
                                                         {"enable.partition.eof", "true"},
                                                         {"fetch.wait.max.ms", "1"}}));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  rd_kafka_mock_start_request_tracking(kafka.cluster());
  ASSERT_EQ(rd_kafka_consume_start(topic, 0, 0), 0);
  const auto next = [&] {
    rd_kafka_message_t* message = rd_kafka_consume(topic, 0, 30'000);
    if (message == nullptr) return std::string("nothing");
    const std::string what = message->err ? rd_kafka_err2name(message->err)
                                          : "offset " + std::to_string(message->offset);
    rd_kafka_message_destroy(message);
    return what;
  };
  const auto produce = [&] { kafka.produce("log", {{-1, 1, "key", "value", {}}}); };

  EXPECT_EQ(next(), "_PARTITION_EOF");
  produce();
  EXPECT_EQ(next(), "offset 0");
  EXPECT_EQ(next(), "_PARTITION_EOF");
  rd_kafka_record_batch_set_partition_eof(consumer.get(), 0);
  for (const char* expected : {"offset 1", "offset 2"}) {
    produce();
    EXPECT_EQ(next(), expected);
    ASSERT_TRUE(see_fetches(kafka, 3));  // they find the end, and do not say so
  }
  rd_kafka_record_batch_set_partition_eof(consumer.get(), 1);
  produce();
  EXPECT_EQ(next(), "offset 3");
  EXPECT_EQ(next(), "_PARTITION_EOF");

  rd_kafka_consume_stop(topic, 0);
  rd_kafka_topic_destroy(topic);
}

}  // namespace
}  // namespace tidemark_test
