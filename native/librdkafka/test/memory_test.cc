// The account of a client's memory.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka_record_batch_memory.h>
#include <librdkafka/rdkafka_record_batch_partition.h>

#include <chrono>
#include <thread>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

using Memory = rd_kafka_record_batch_memory_t;

Memory memory_of(const Handle& consumer) {
  Memory memory;
  rd_kafka_record_batch_get_memory(consumer.get(), &memory);
  return memory;
}

/// False when it is not within 30 s.
template <typename Condition>
bool wait_until(Condition is_true) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!is_true()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

TEST(Memory, FollowsARecordBatchFromTheQueueToItsEnd) {
  constexpr int64_t kLarge = 20'000;  // too large to share an op
  constexpr int kLargeBatches = 3, kSmallBatches = 5;
  MockKafka kafka;
  kafka.create_topic("log", 1);
  const auto produce = [&](int count, int64_t size) {
    const Record record{-1, 1, "key", std::string(static_cast<size_t>(size), 'x'), {}};
    kafka.produce("log", std::vector<Record>(static_cast<size_t>(count), record), "lz4");
  };
  produce(kLargeBatches, kLarge);
  produce(kSmallBatches, 10);
  Handle consumer =
      make_handle(RD_KAFKA_CONSUMER, kafka.with_cluster({{"consume.record.batches", "true"}}));
  EXPECT_EQ(memory_of(consumer).queued.payload, 0);
  EXPECT_GT(memory_of(consumer).client, 0);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  ASSERT_EQ(rd_kafka_consume_start(topic, 0, 0), 0);
  // The small ones share an op where one response has them all.
  ASSERT_TRUE(
      wait_until([&] { return memory_of(consumer).queued.payload > kLargeBatches * kLarge; }));
  const Memory full = memory_of(consumer);
  EXPECT_EQ(full.taken.payload, 0);

  rd_kafka_message_t* message = rd_kafka_consume(topic, 0, 30'000);
  ASSERT_NE(message, nullptr);
  const auto payload = static_cast<int64_t>(message->len);
  EXPECT_GT(payload, kLarge);
  EXPECT_EQ(memory_of(consumer).taken.payload, payload);
  EXPECT_GT(memory_of(consumer).taken.fixed, 0);
  EXPECT_EQ(memory_of(consumer).queued.payload, full.queued.payload - payload);
  rd_kafka_message_destroy(message);
  EXPECT_EQ(memory_of(consumer).taken.payload, 0);
  EXPECT_EQ(memory_of(consumer).taken.fixed, 0);

  // What is let go without being handed out.
  rd_kafka_record_batch_stop(topic, 0);
  rd_kafka_queue_t* queue = rd_kafka_queue_get_partition(consumer.get(), "log", 0);
  EXPECT_TRUE(wait_until([&] {
    rd_kafka_message_t* none = nullptr;
    EXPECT_LE(rd_kafka_consume_batch_queue(queue, 0, &none, 1), 0);
    const Memory left = memory_of(consumer);
    return left.queued.payload == 0 && left.queued.fixed == 0 && left.responses == 0;
  }));
  EXPECT_EQ(memory_of(consumer).taken.payload, 0);
  rd_kafka_queue_destroy(queue);
  rd_kafka_topic_destroy(topic);
}

}  // namespace
}  // namespace tidemark_test
