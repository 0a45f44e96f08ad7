// What a fetch response brings, and what is held of it.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

constexpr int64_t kTime = 1'700'000'000'000;
constexpr size_t kBatch = 100'000;

std::vector<Record> large_records(size_t count, size_t size) {
  std::vector<Record> records;
  for (size_t i = 0; i < count; i++) {
    records.push_back({static_cast<int64_t>(i), kTime, "k", std::string(size, 'v'), {}});
  }
  return records;
}

/// Reads partition 0 of several topics with one consumer, up to `end` of each.
class Reader {
 public:
  Reader(MockKafka& kafka, const std::vector<std::string>& topics,
         const rd_kafka_record_batch_fetch_limits_t& limits)
      : consumer_(make_handle(RD_KAFKA_CONSUMER, kafka.with_cluster({
                                                     {"consume.record.batches", "true"},
                                                     {"fetch.wait.max.ms", "500"},
                                                     {"fetch.queue.backoff.ms", "1"},
                                                 }))) {
    rd_kafka_record_batch_set_fetch_limits(consumer_.get(), &limits);
    queue_ = rd_kafka_queue_new(consumer_.get());
    for (const std::string& name : topics) {
      topics_.push_back(rd_kafka_topic_new(consumer_.get(), name.c_str(), nullptr));
      EXPECT_EQ(rd_kafka_consume_start_queue(topics_.back(), 0, 0, queue_), 0);
    }
  }
  ~Reader() {
    for (rd_kafka_topic_t* topic : topics_) {
      rd_kafka_consume_stop(topic, 0);
      rd_kafka_topic_destroy(topic);
    }
    rd_kafka_queue_destroy(queue_);
  }

  /// `see` gets each message with record batches.
  template <typename See>
  void read(int64_t end, See see) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    for (size_t left = topics_.size(); left > 0;) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      rd_kafka_message_t* message = rd_kafka_consume_queue(queue_, 100);
      if (message == nullptr) continue;
      EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_message_errstr(message);
      see(message);
      left -= message->offset + 1 == end ? 1 : 0;
      rd_kafka_message_destroy(message);
    }
  }

 private:
  Handle consumer_;
  rd_kafka_queue_t* queue_;
  std::vector<rd_kafka_topic_t*> topics_;
};

class Response : public ::testing::Test {
 protected:
  Response() {
    kafka_.create_topic("log", 1);
    kafka_.produce("log", large_records(4, 1'000'000));
  }

  MockKafka kafka_;
};

// Copied, a record batch of 100 MB would take twice its size.
TEST_F(Response, OneThatIsLittleMoreThanARecordBatchIsHeldWithIt) {
  rd_kafka_record_batch_fetch_limits_t limits = fetch_limits({});
  limits.fetch_message_max_bytes = 1'000;
  size_t ops = 0;
  Reader(kafka_, {"log"}, limits).read(4, [&](const rd_kafka_message_t* message) {
    ++ops;
    EXPECT_GT(rd_kafka_message_record_batch_bytes(message), message->len + 400);
    EXPECT_LT(rd_kafka_message_record_batch_bytes(message), message->len + 1'400);
  });
  EXPECT_EQ(ops, 4u);
}

TEST_F(Response, OneOfSeveralRecordBatchesIsNotHeld) {
  rd_kafka_record_batch_fetch_limits_t limits = fetch_limits({});
  limits.fetch_message_max_bytes = 50'000'000;
  Reader(kafka_, {"log"}, limits).read(4, [&](const rd_kafka_message_t* message) {
    EXPECT_EQ(rd_kafka_message_record_batch_bytes(message), message->len + 400);
  });
}

class ResponsesOfBrokers : public ::testing::Test {
 protected:
  static constexpr size_t kCount = 40;

  ResponsesOfBrokers() : kafka_(3) {
    for (size_t i = 0; i < topics_.size(); ++i) {
      kafka_.create_topic(topics_[i], 1);
      rd_kafka_mock_partition_set_leader(kafka_.cluster(), topics_[i].c_str(), 0,
                                         static_cast<int32_t>(i + 1));
      kafka_.produce(topics_[i], large_records(kCount, kBatch));
    }
    rd_kafka_mock_start_request_tracking(kafka_.cluster());
  }

  const std::vector<std::string> topics_{"a", "b", "c"};
  MockKafka kafka_;
};

TEST_F(ResponsesOfBrokers, ShareWhatTheyMayBring) {
  rd_kafka_record_batch_fetch_limits_t limits = fetch_limits({});
  limits.fetch_message_max_bytes = 50'000'000;
  limits.responses_max_bytes = 9 * kBatch;
  size_t bytes = 0;
  Reader(kafka_, topics_, limits).read(kCount, [&](const rd_kafka_message_t* message) {
    bytes += message->len;
  });
  EXPECT_GT(bytes, 3 * kCount * kBatch);
  // Three or four in a response, not nine or ten.
  EXPECT_GE(kafka_.count_fetches(), 3 * kCount / 4);
}

TEST_F(ResponsesOfBrokers, BringSomethingWhateverTheLimits) {
  rd_kafka_record_batch_fetch_limits_t limits{};
  limits.queued_max_bytes = 1;
  limits.queued_min_messages = 1;
  limits.fetch_message_max_bytes = 1;
  limits.fetch_max_bytes = 1;
  limits.responses_max_bytes = 1;
  limits.fetch_alone_bytes = 1;
  limits.inflated_max_bytes = 1;
  size_t ops = 0;
  Reader(kafka_, topics_, limits).read(kCount, [&](const rd_kafka_message_t*) { ++ops; });
  EXPECT_EQ(ops, 3 * kCount);
}

}  // namespace
}  // namespace tidemark_test
