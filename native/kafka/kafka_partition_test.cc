#include "kafka/kafka_partition.h"

#include <gtest/gtest.h>

#include "kafka/client.h"
#include "source/wake_up.h"
#include "test_support/mock_kafka.h"

namespace tidemark {
namespace {

// The partition's queue, as librdkafka has it.
class QueueLength {
 public:
  QueueLength(const Client& client, const TopicPartition& id)
      : queue_(rd_kafka_queue_get_partition(client.handle(), id.topic.c_str(), id.partition)) {}
  ~QueueLength() { rd_kafka_queue_destroy(queue_); }
  QueueLength(const QueueLength&) = delete;

  size_t operator()() const { return rd_kafka_queue_length(queue_); }

 private:
  rd_kafka_queue_t* queue_;
};

TEST(KafkaPartitionTest, FreesWhatWasFetchedOfAPartitionThatFails) {
  constexpr int kRecords = 1'000;
  MockKafka kafka(1);
  kafka.create_topic("t", 1);
  for (int i = 0; i < kRecords; ++i)
    kafka.produce("t", 0, 1'000 + i, std::string(10'000, 'x'));
  kafka.flush();

  WakeUp wake_up;
  Client client;
  ClientOptions options;
  options.config = {{"bootstrap.servers", kafka.bootstrap()}};
  ASSERT_TRUE(client
                  .open(
                      options, [](rd_kafka_t*, void*) {}, nullptr)
                  .ok());
  const TopicPartition id{"t", 0, 0};
  const PartitionHandle handle{0, 0};
  KafkaPartition partition(handle, {id, ReplayRange{0, kRecords}, GapPolicy::kError}, wake_up);
  ASSERT_TRUE(partition.start(client.handle(), true).ok());
  const QueueLength length(client, id);

  const auto deadline = Clock::now() + std::chrono::seconds(30);
  std::vector<PartitionHandle> rung;
  while (length() == 0 && Clock::now() < deadline)
    wake_up.wait_until(deadline, &rung);
  ASSERT_GT(length(), 0u);

  partition.stop();
  while (length() > 0 && Clock::now() < deadline) {
    wake_up.wait_until(Clock::now() + std::chrono::milliseconds(10), &rung);
    if (!rung.empty()) partition.stop();  // what was on its way
  }
  EXPECT_EQ(length(), 0u);
}

}  // namespace
}  // namespace tidemark
