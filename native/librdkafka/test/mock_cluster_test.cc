// The patched mock cluster: a log that is as a broker's for readers.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "mock_kafka.h"

namespace tidemark_test {
namespace {

constexpr int64_t kTime = 1'700'000'000'000;

/// Records that compress well: librdkafka sends a batch as it is if its codec makes it no smaller.
std::vector<Record> records_at(const std::vector<int64_t>& timestamps) {
  std::vector<Record> records;
  for (const int64_t timestamp : timestamps) {
    records.push_back(
        {static_cast<int64_t>(records.size()), timestamp, "k", std::string(200, 'v'), {}});
  }
  return records;
}

struct Offset {
  int64_t offset;
  rd_kafka_resp_err_t err;
};

class MockCluster : public ::testing::Test {
 protected:
  /// The offset for a time, as a consumer gets it.
  Offset offset_for_time(const std::string& topic, int64_t timestamp, const Config& config = {}) {
    Handle consumer = make_handle(RD_KAFKA_CONSUMER, kafka_.with_cluster(config));
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), 0)->offset = timestamp;
    const rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(consumer.get(), list, 20'000);
    Offset found{list->elems[0].offset, list->elems[0].err};
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR && found.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      found.err = err;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return found;
  }

  MockKafka kafka_;
};

TEST_F(MockCluster, FindsTheFirstRecordAtOrAfterATime) {
  std::mt19937 random(1);
  std::vector<int64_t> timestamps;
  for (int i = 0; i < 60; i++) {
    timestamps.push_back(kTime + i * 10 + static_cast<int64_t>(random() % 60));
  }
  kafka_.create_topic("log", 1);
  kafka_.produce("log", records_at(timestamps), "none", 7);

  for (int64_t time = kTime - 5; time < kTime + 670; time += 13) {
    const auto found = std::find_if(timestamps.begin(), timestamps.end(),
                                    [&](int64_t timestamp) { return timestamp >= time; });
    const Offset offset = offset_for_time("log", time);
    EXPECT_EQ(offset.err, RD_KAFKA_RESP_ERR_NO_ERROR);
    EXPECT_EQ(offset.offset,
              found == timestamps.end() ? RD_KAFKA_OFFSET_END : found - timestamps.begin())
        << "for " << time;
  }
}

TEST_F(MockCluster, SaysWhenItCannotTellATimesOffset) {
  kafka_.create_topic("log", 1);
  kafka_.produce("log", records_at({kTime, kTime + 10, kTime + 20, kTime + 30}), "gzip", 4);
  kafka_.produce("log", records_at({kTime + 40, kTime + 50}), "gzip", 2);

  // The first record of a batch decides by the header.
  EXPECT_EQ(offset_for_time("log", kTime - 1).offset, 0);
  EXPECT_EQ(offset_for_time("log", kTime).offset, 0);
  EXPECT_EQ(offset_for_time("log", kTime + 31).offset, 4);
  EXPECT_EQ(offset_for_time("log", kTime + 51).offset, RD_KAFKA_OFFSET_END);
  // Others would need a look inside.
  EXPECT_EQ(offset_for_time("log", kTime + 20).err,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT);
}

TEST_F(MockCluster, KeepsMoreThanUpstreamsFiveMebibytes) {
  kafka_.create_topic("log", 1);
  std::vector<Record> written = records_at(std::vector<int64_t>(64, kTime));
  for (Record& record : written)
    record.value = std::string(500'000, 'x');
  kafka_.produce("log", written, "none", 1);
  EXPECT_EQ(offset_for_time("log", RD_KAFKA_OFFSET_BEGINNING).offset, 0);
  EXPECT_EQ(kafka_.read_records("log", 0, 64), written);
}

TEST_F(MockCluster, ServesManyRecordBatchesPerFetch) {
  kafka_.create_topic("log", 1);
  kafka_.produce("log", records_at(std::vector<int64_t>(120'000, kTime)), "none", 1);

  rd_kafka_mock_start_request_tracking(kafka_.cluster());
  EXPECT_EQ(kafka_.read_batches("log", 0, 120'000).batches.size(), 120'000u);
  size_t count = 0;
  rd_kafka_mock_request_t** requests = rd_kafka_mock_get_requests(kafka_.cluster(), &count);
  rd_kafka_mock_request_destroy_array(requests, count);
  // Far from one a record batch, also where a slow reader asks again and again.
  EXPECT_LT(count, 12'000u);
}

// As a broker does: upstream's keeps it until its wait is over.
TEST_F(MockCluster, AnswersAFetchThatWaitsWhenARecordIsWritten) {
  kafka_.create_topic("log", 1);
  Handle consumer = make_handle(
      RD_KAFKA_CONSUMER,
      kafka_.with_cluster({{"fetch.wait.max.ms", "300000"}, {"socket.timeout.ms", "300000"}}));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  rd_kafka_mock_start_request_tracking(kafka_.cluster());
  ASSERT_EQ(rd_kafka_consume_start(topic, 0, 0), 0);
  for (int64_t offset = 0; offset < 3; ++offset) {
    ASSERT_TRUE(kafka_.wait_for_fetches(1));
    rd_kafka_mock_clear_requests(kafka_.cluster());
    kafka_.produce("log", records_at({kTime}));
    rd_kafka_message_t* message = rd_kafka_consume(topic, 0, 30'000);
    ASSERT_NE(message, nullptr);
    EXPECT_EQ(message->offset, offset);
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consume_stop(topic, 0);
  rd_kafka_topic_destroy(topic);
}

TEST_F(MockCluster, KeepsToThePartitionsMaximumBytes) {
  kafka_.create_topic("log", 1);
  std::vector<Record> written = records_at(std::vector<int64_t>(50, kTime));
  for (Record& record : written)
    record.value = std::string(1'000, 'x');
  kafka_.produce("log", written, "none", 1);
  const BatchesRead read = kafka_.read_batches("log", 0, 50, {{"fetch.message.max.bytes", "2500"}});
  EXPECT_EQ(decode(read.batches), written);
  // Two of about 1,070 bytes each fit; one into the first fetch, which is half as large.
  EXPECT_EQ(read.ops, 26u);
}

class MockTransactions : public MockCluster {
 protected:
  void SetUp() override {
    kafka_.create_topic("log", 1);
    producer_ = make_handle(RD_KAFKA_PRODUCER, kafka_.with_cluster({{"transactional.id", "t"},
                                                                    {"linger.ms", "0"},
                                                                    {"compression.codec", "lz4"}}));
    succeed(rd_kafka_init_transactions(producer_.get(), 20'000));
  }

  static void succeed(rd_kafka_error_t* error) {
    EXPECT_EQ(error, nullptr) << rd_kafka_error_string(error);
    if (error != nullptr) rd_kafka_error_destroy(error);
  }

  /// Produces one record in a transaction that is left open.
  void begin(char value) {
    std::string values(500, value);
    succeed(rd_kafka_begin_transaction(producer_.get()));
    ASSERT_EQ(rd_kafka_producev(producer_.get(), RD_KAFKA_V_TOPIC("log"), RD_KAFKA_V_PARTITION(0),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                RD_KAFKA_V_VALUE(values.data(), values.size()), RD_KAFKA_V_END),
              RD_KAFKA_RESP_ERR_NO_ERROR);
    ASSERT_EQ(rd_kafka_flush(producer_.get(), 20'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  void commit() { succeed(rd_kafka_commit_transaction(producer_.get(), 20'000)); }
  void abort() { succeed(rd_kafka_abort_transaction(producer_.get(), 20'000)); }

  static std::vector<int> kinds(const BatchesRead& read) {
    std::vector<int> kinds;
    for (const Batch& batch : read.batches)
      kinds.push_back(batch.header.kind);
    return kinds;
  }

  const Config committed_{{"isolation.level", "read_committed"}};
  const Config uncommitted_{{"isolation.level", "read_uncommitted"}};
  Handle producer_;
};

// One producer aborts and then commits, all of it in one response: if the abort marker were not
// read, the committed record would be taken for aborted.
TEST_F(MockTransactions, ACommitAfterAnAbortIsDelivered) {
  begin('a');
  abort();
  begin('b');
  commit();
  begin('c');
  abort();
  begin('d');
  commit();

  const std::vector<Record> committed = kafka_.read_records("log", 0, 8, committed_);
  const std::vector<Record> uncommitted = kafka_.read_records("log", 0, 8, uncommitted_);
  EXPECT_EQ(committed.size(), 2u);
  EXPECT_EQ(uncommitted.size(), 4u);
  // Decompressed, and left as they are.
  for (const int64_t room : {0, 1}) {
    SCOPED_TRACE(room);
    const BatchesRead some = kafka_.read_batches("log", 0, 8, committed_, room);
    EXPECT_EQ(kinds(some), (std::vector<int>{3, 2, 1, 2, 3, 2, 1, 2}));
    EXPECT_EQ(decode(some.batches), committed);
    const BatchesRead all = kafka_.read_batches("log", 0, 8, uncommitted_, room);
    EXPECT_EQ(kinds(all), (std::vector<int>{1, 2, 1, 2, 1, 2, 1, 2}));
    EXPECT_EQ(decode(all.batches), uncommitted);
    for (size_t i = 0; i < all.batches.size(); ++i) {
      EXPECT_EQ(some.batches[i].header.is_compressed, room && some.batches[i].header.kind == 1);
      EXPECT_EQ(all.batches[i].header.is_compressed, room && all.batches[i].header.kind == 1);
    }
  }
}

TEST_F(MockTransactions, AnOpenOneHoldsBackTheLastStableOffset) {
  begin('a');
  commit();
  begin('b');
  EXPECT_EQ(offset_for_time("log", RD_KAFKA_OFFSET_END, committed_).offset, 2);
  EXPECT_EQ(offset_for_time("log", RD_KAFKA_OFFSET_END, uncommitted_).offset, 3);
  EXPECT_EQ(kinds(kafka_.read_batches("log", 0, 2, committed_)), (std::vector<int>{1, 2}));
  EXPECT_EQ(kinds(kafka_.read_batches("log", 0, 3, uncommitted_)), (std::vector<int>{1, 2, 1}));
  commit();
  EXPECT_EQ(offset_for_time("log", RD_KAFKA_OFFSET_END, committed_).offset, 4);
}

}  // namespace
}  // namespace tidemark_test
