// What is held in queues and by the application together, and who waits until it is less.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka_record_batch_memory.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

constexpr int64_t kBatches = 8;  // of each partition, one record each
constexpr size_t kBatchBytes = 100'000;

class Held : public ::testing::Test {
 protected:
  static constexpr size_t kPartitions = 12;

  Held() : kafka_(3) {
    const Record record{0, 1'700'000'000'000, "k", std::string(kBatchBytes, 'x'), {}};
    for (size_t i = 0; i < kPartitions; ++i) {
      names_.push_back("log-" + std::to_string(i));
      kafka_.create_topic(names_.back(), 1);
      rd_kafka_mock_partition_set_leader(kafka_.cluster(), names_.back().c_str(), 0,
                                         static_cast<int32_t>(1 + i % 3));
      kafka_.produce(names_.back(), std::vector<Record>(kBatches, record));
    }
  }
  ~Held() override {
    for (rd_kafka_message_t* message : kept_)
      rd_kafka_record_batch_message_destroy(message);
    for (size_t i = 0; i < queues_.size(); ++i) {
      rd_kafka_consume_stop(topics_[i], 0);
      rd_kafka_queue_destroy(queues_[i]);
      rd_kafka_topic_destroy(topics_[i]);
    }
  }

  // Nobody looks at a full queue again by itself.
  void start(int64_t held_max_bytes) {
    consumer_ =
        make_handle(RD_KAFKA_CONSUMER, kafka_.with_cluster({{"consume.record.batches", "true"},
                                                            {"fetch.queue.backoff.ms", "300000"}}));
    rd_kafka_record_batch_fetch_limits_t limits = fetch_limits({});
    limits.fetch_message_max_bytes = 50'000;  // a response brings one record batch
    limits.queued_max_bytes = 50'000;
    limits.held_max_bytes = held_max_bytes;
    rd_kafka_record_batch_set_fetch_limits(consumer_.get(), &limits);
    for (const std::string& name : names_) {
      topics_.push_back(rd_kafka_topic_new(consumer_.get(), name.c_str(), nullptr));
      queues_.push_back(rd_kafka_queue_new(consumer_.get()));
      ASSERT_EQ(rd_kafka_consume_start_queue(topics_.back(), 0, 0, queues_.back()), 0);
    }
  }

  // The next record batch of a partition; null after 30 s.
  rd_kafka_message_t* take(size_t partition, int64_t offset) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      rd_kafka_message_t* message = rd_kafka_consume_queue(queues_[partition], 100);
      if (message == nullptr) continue;
      EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_message_errstr(message);
      EXPECT_EQ(message->offset, offset);
      return message;
    }
    ADD_FAILURE() << "nothing came of partition " << partition << " at " << offset;
    return nullptr;
  }

  size_t held_bytes() {
    rd_kafka_record_batch_memory_t memory;
    rd_kafka_record_batch_get_memory(consumer_.get(), &memory);
    return static_cast<size_t>(memory.queued.payload + memory.taken.payload);
  }

  MockKafka kafka_;
  Handle consumer_;
  std::vector<std::string> names_;
  std::vector<rd_kafka_topic_t*> topics_;
  std::vector<rd_kafka_queue_t*> queues_;
  std::vector<rd_kafka_message_t*> kept_;
};

// As the merge does: it has one record batch of each partition, and lets each go in its turn.
// Each lay in a queue besides: twice as much was held.
TEST_F(Held, IsAboutOneRecordBatchOfEachPartitionWhereThereIsNoRoomForMore) {
  start(3 * kBatchBytes);
  std::vector<rd_kafka_message_t*> heads;
  for (size_t i = 0; i < kPartitions; ++i)
    heads.push_back(take(i, 0));
  size_t most = 0;
  for (int64_t offset = 1; offset < kBatches && !HasFailure(); ++offset) {
    for (size_t i = 0; i < kPartitions; ++i) {
      most = std::max(most, held_bytes());
      rd_kafka_record_batch_message_destroy(heads[i]);
      heads[i] = take(i, offset);
      if (heads[i] == nullptr) break;
    }
  }
  for (rd_kafka_message_t* message : heads)
    if (message != nullptr) rd_kafka_record_batch_message_destroy(message);
  // Each broker may just have asked for one when the limit was reached.
  EXPECT_LE(most, (kPartitions + 4) * (kBatchBytes + 1'000));
  EXPECT_EQ(held_bytes(), 0u);
}

// A capture's queue has a limit of its own: its disk must not hold up who reads.
TEST_F(Held, WhatWasLeftTakesNoRoom) {
  start(1);
  for (int64_t offset = 0; offset < kBatches && !HasFailure(); ++offset) {
    for (size_t i = 0; i < kPartitions && !HasFailure(); ++i) {
      rd_kafka_message_t* message = take(i, offset);
      if (message == nullptr) break;
      rd_kafka_record_batch_message_leave(message);
      kept_.push_back(message);
    }
  }
  EXPECT_EQ(kept_.size(), kPartitions * kBatches);
  EXPECT_GE(held_bytes(), kept_.size() * kBatchBytes) << "the account still has it";
}

TEST_F(Held, WithoutALimitTheQueuesAloneHaveOne) {
  start(0);
  for (size_t i = 0; i < kPartitions; ++i)
    kept_.push_back(take(i, 0));
  for (size_t i = 0; i < kPartitions && !HasFailure(); ++i)
    kept_.push_back(take(i, 1));
  kept_.erase(std::remove(kept_.begin(), kept_.end(), nullptr), kept_.end());
  EXPECT_EQ(kept_.size(), 2 * kPartitions);
}

}  // namespace
}  // namespace tidemark_test
