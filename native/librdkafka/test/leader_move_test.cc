// A partition whose leader moves away and back: its records come once each, in order, from there.
#include "librdkafka/test/leader_move.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kRecords = 10;
constexpr int16_t kMetadata = 3;
constexpr int kFiveMinutesMs = 300'000;

bool until(const std::function<bool()>& is_so) {
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  while (!is_so()) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// The record batches of a partition, each of them larger than the queue: one fetch at a time brings
// one, and the next is sent when it is taken.
//
// The parameter: whether the brokers tell leader epochs, which those before 2.1 do not.
class LeaderMove : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    // Metadata has them from version 7 on.
    if (!GetParam()) rd_kafka_mock_set_apiversion(kafka_.cluster(), kMetadata, 0, 6);
    kafka_.create_topic("log", 1);
    lead(1);
    const Record record{0, 1'700'000'000'000, "k", std::string(20'000, 'x'), {}};
    kafka_.produce("log", std::vector<Record>(kRecords, record));
    consumer_ = make_handle(RD_KAFKA_CONSUMER,
                            kafka_.with_cluster({{"consume.record.batches", "true"},
                                                 {"queued.max.messages.kbytes", "1"},
                                                 {"fetch.message.max.bytes", "30000"},
                                                 {"fetch.wait.max.ms", "0"},
                                                 {"socket.timeout.ms", "300000"},
                                                 {"topic.metadata.refresh.interval.ms", "-1"}}));
    rd_kafka_mock_start_request_tracking(kafka_.cluster());
    topic_ = rd_kafka_topic_new(consumer_.get(), "log", nullptr);
    queue_ = rd_kafka_queue_new(consumer_.get());
    ASSERT_EQ(rd_kafka_consume_start_queue(topic_, 0, 0, queue_), 0);
    // Then the queue is full with the next one, and no fetch is under way.
    expect_records(0, 0);
    ASSERT_TRUE(until([&] { return rd_kafka_queue_length(queue_) > 0; }));
  }

  void TearDown() override {
    rd_kafka_consume_stop(topic_, 0);
    rd_kafka_queue_destroy(queue_);
    rd_kafka_topic_destroy(topic_);
  }

  void lead(int32_t broker) {
    ASSERT_EQ(rd_kafka_mock_partition_set_leader(kafka_.cluster(), "log", 0, broker),
              RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  void move(const std::vector<int32_t>& brokers) {
    move_leader(consumer_.get(), "log", 0, brokers.data(), brokers.size());
  }

  // Reads the records from `first` to `last`.
  void expect_records(int64_t first, int64_t last) {
    for (int64_t offset = first; offset <= last; ++offset) {
      rd_kafka_message_t* message = nullptr;
      ASSERT_EQ(rd_kafka_consume_batch_queue(queue_, 30'000, &message, 1), 1)
          << "nothing came at " << offset;
      EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_message_errstr(message);
      EXPECT_EQ(message->offset, offset);
      rd_kafka_message_destroy(message);
    }
  }

  MockKafka kafka_{3};
  Handle consumer_;
  rd_kafka_topic_t* topic_ = nullptr;
  rd_kafka_queue_t* queue_ = nullptr;
};

// Upstream has it fetched from broker 2, which is not its leader, for ever.
TEST_P(LeaderMove, AwayAndBackBeforeThePartitionHasLeftIsNone) {
  move({2, 1});
  expect_records(1, kRecords - 1);
}

// Upstream takes a response that was under way when the leader moved once the partition is back:
// the broker is the right one, and only the application changes the version. What had come from the
// other leader came again.
TEST_P(LeaderMove, AResponseFromBeforeItIsOutdatedWhenThePartitionIsBack) {
  ASSERT_EQ(rd_kafka_mock_broker_set_rtt(kafka_.cluster(), 1, kFiveMinutesMs),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  rd_kafka_mock_clear_requests(kafka_.cluster());
  expect_records(1, 1);
  ASSERT_TRUE(kafka_.wait_for_fetches(1));
  lead(2);
  move({2});
  expect_records(2, 4);
  lead(1);
  move({1});
  ASSERT_TRUE(until([&] { return broker_of(consumer_.get(), "log", 0) == 1; }));
  ASSERT_EQ(rd_kafka_mock_broker_set_rtt(kafka_.cluster(), 1, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
  expect_records(5, kRecords - 1);
}

INSTANTIATE_TEST_SUITE_P(Brokers, LeaderMove, ::testing::Bool(), [](const auto& info) {
  return info.param ? "WithLeaderEpochs" : "WithoutLeaderEpochs";
});

}  // namespace
}  // namespace tidemark_test
