// A full queue that was drained is fetched at once, whatever fetch.queue.backoff.ms says, and
// whatever the broker is asked for meanwhile.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kRecords = 40;
// A fetch fills the queue beyond its limit of 1 KiB.
const Config kSmallQueue = {{"consume.record.batches", "true"},
                            {"queued.max.messages.kbytes", "1"},
                            {"fetch.message.max.bytes", "30000"}};

// Reads the records of partition 0, each after a `pause`; false when they take more than 30 s.
bool read_all(rd_kafka_queue_t* queue, std::chrono::milliseconds pause) {
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  int64_t next = 0;
  while (next < kRecords && Clock::now() < deadline) {
    rd_kafka_message_t* message;
    if (rd_kafka_consume_batch_queue(queue, 100, &message, 1) != 1) continue;
    EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_message_errstr(message);
    EXPECT_EQ(message->offset, next++);
    rd_kafka_message_destroy(message);
    std::this_thread::sleep_for(pause);
  }
  return next == kRecords;
}

class FetchResume : public ::testing::Test {
 protected:
  // Partition 0 has records, the others have none.
  void start(int partitions, Config properties) {
    kafka_.create_topic("log", partitions);
    const Record record{0, 1'700'000'000'000, "k", std::string(20'000, 'x'), {}};
    kafka_.produce("log", std::vector<Record>(kRecords, record));
    properties.insert(kSmallQueue.begin(), kSmallQueue.end());
    consumer_ = make_handle(RD_KAFKA_CONSUMER, kafka_.with_cluster(properties));
    topic_ = rd_kafka_topic_new(consumer_.get(), "log", nullptr);
    for (int partition = 0; partition < partitions; ++partition) {
      queues_.push_back(rd_kafka_queue_new(consumer_.get()));
      ASSERT_EQ(rd_kafka_consume_start_queue(topic_, partition, 0, queues_.back()), 0);
    }
  }

  void TearDown() override {
    for (size_t partition = 0; partition < queues_.size(); ++partition) {
      rd_kafka_consume_stop(topic_, static_cast<int32_t>(partition));
      rd_kafka_queue_destroy(queues_[partition]);
    }
    rd_kafka_topic_destroy(topic_);
  }

  MockKafka kafka_;
  Handle consumer_;
  rd_kafka_topic_t* topic_ = nullptr;
  std::vector<rd_kafka_queue_t*> queues_;
};

// Upstream would rest for five minutes.
TEST_F(FetchResume, TheQueueFillsAgainAsSoonAsThereIsRoom) {
  start(1, {{"fetch.queue.backoff.ms", "300000"}});
  EXPECT_TRUE(read_all(queues_[0], std::chrono::milliseconds(0)));
}

// While its queue is full, the other one alone is asked for, and has nothing: the broker would keep
// that fetch for a minute. The pause is for it to be sent.
TEST_F(FetchResume, AFullQueueDoesNotWaitForAPartitionAtItsEnd) {
  start(2, {{"fetch.wait.max.ms", "60000"}, {"socket.timeout.ms", "120000"}});
  EXPECT_TRUE(read_all(queues_[0], std::chrono::milliseconds(20)));
}

}  // namespace
}  // namespace tidemark_test
