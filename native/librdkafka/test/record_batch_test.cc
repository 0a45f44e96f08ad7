// Record batches from the patched librdkafka: that they say the same as its messages do.
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <malloc.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "mock_kafka.h"
#include "raw_log.h"

namespace tidemark_test {
namespace {

constexpr int64_t kTime = 1'700'000'000'000;

/// Records of all shapes: null and empty keys and values, headers, timestamps that step back.
std::vector<Record> random_records(size_t count, size_t max_value, unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](size_t bound) { return random() % bound; };
  const auto bytes = [&](size_t max) -> Bytes {
    switch (below(4)) {
      case 0:
        return std::nullopt;
      case 1:
        return "";
      default:
        return std::string(below(max + 1), static_cast<char>('a' + below(26)));
    }
  };
  std::vector<Record> records(count);
  for (size_t i = 0; i < count; i++) {
    records[i].offset = static_cast<int64_t>(i);
    records[i].timestamp = kTime + static_cast<int64_t>(i * 10 + below(1000));
    records[i].key = bytes(20);
    records[i].value = bytes(max_value);
    for (size_t header = below(3); header > 0; header--) {
      records[i].headers.emplace_back("h" + std::to_string(header), bytes(10));
    }
  }
  return records;
}

/// Every offset of [start, end) is in a batch, and the batches follow each other without a gap.
void expect_covered(const std::vector<Batch>& batches, int64_t start, int64_t end) {
  ASSERT_FALSE(batches.empty());
  EXPECT_LE(batches.front().header.base_offset, start);
  EXPECT_GE(batches.front().header.last_offset, start);
  for (size_t i = 1; i < batches.size(); i++) {
    ASSERT_EQ(batches[i].header.base_offset, batches[i - 1].header.last_offset + 1);
  }
  EXPECT_EQ(batches.back().header.last_offset + 1, end);
}

/// The codec that a batch was stored with.
std::string codec_of(const Batch& batch) {
  constexpr const char* kCodecs[] = {"none", "gzip", "snappy", "lz4", "zstd"};
  return kCodecs[batch.header.attributes & 7];
}

TEST(RecordBatchProperty, IsOffByDefault) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char value[16] = "";
  size_t size = sizeof value;
  EXPECT_EQ(rd_kafka_conf_get(conf, "consume.record.batches", value, &size), RD_KAFKA_CONF_OK);
  EXPECT_STREQ(value, "false");
  rd_kafka_conf_destroy(conf);
}

class RecordBatchEquality : public ::testing::TestWithParam<std::tuple<const char*, int, size_t>> {
 protected:
  void SetUp() override {
    const auto [codec, batch_records, max_value] = GetParam();
    kafka.create_topic("log", 1);
    written = random_records(2'000, max_value, 1);
    end = static_cast<int64_t>(written.size());
    kafka.produce("log", written, codec, batch_records);
  }

  MockKafka kafka;
  std::vector<Record> written;
  int64_t end = 0;
};

TEST_P(RecordBatchEquality, SaysWhatMessagesSay) {
  const auto [codec, batch_records, _] = GetParam();
  const std::vector<Record> messages = kafka.read_records("log", 0, end);
  ASSERT_EQ(messages, written);

  for (const char* fetch_bytes : {"200", "10000", "1000000"}) {
    SCOPED_TRACE(std::string("fetch.message.max.bytes ") + fetch_bytes);
    const BatchesRead read =
        kafka.read_batches("log", 0, end, {{"fetch.message.max.bytes", fetch_bytes}});
    expect_covered(read.batches, 0, end);
    EXPECT_EQ(read.batches.size(), (written.size() + batch_records - 1) / batch_records);
    EXPECT_EQ(decode(read.batches), messages);
    if (batch_records > 1) {
      EXPECT_EQ(codec_of(read.batches.front()), codec);
    }
  }
}

TEST_P(RecordBatchEquality, SaysTheSameWhereItIsLeftCompressed) {
  for (const int64_t room : {1, 20'000, 60'000, 1 << 30}) {
    SCOPED_TRACE("inflated_max_bytes " + std::to_string(room));
    const BatchesRead read = kafka.read_batches("log", 0, end, {}, room);
    expect_covered(read.batches, 0, end);
    EXPECT_EQ(decode(read.batches), written);
    for (const Batch& batch : read.batches) {
      const bool has_codec = codec_of(batch) != "none";
      if (room == 1) {
        EXPECT_EQ(batch.header.is_compressed, has_codec ? 1 : 0);
      }
      if (!has_codec || room == 1 << 30) {
        EXPECT_EQ(batch.header.is_compressed, 0);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Codecs, RecordBatchEquality,
    ::testing::Combine(::testing::Values("none", "gzip", "snappy", "lz4", "zstd"),
                       ::testing::Values(1, 10, 1'000), ::testing::Values(100u, 2'000u)),
    [](const auto& info) {
      return std::string(std::get<0>(info.param)) + "_" + std::to_string(std::get<1>(info.param)) +
             "_records_" + std::to_string(std::get<2>(info.param)) + "_bytes";
    });

TEST(RecordBatch, ManySmallOnesShareAnOp) {
  MockKafka kafka;
  kafka.create_topic("log", 1);
  const std::vector<Record> written = random_records(5'000, 100, 2);
  kafka.produce("log", written, "lz4", 1);

  const BatchesRead read = kafka.read_batches("log", 0, 5'000);
  EXPECT_EQ(read.batches.size(), 5'000u);
  EXPECT_LT(read.ops, 100u);
  EXPECT_EQ(decode(read.batches), written);
}

TEST(RecordBatch, SmallOnesShareAnOpCompressedOrNot) {
  MockKafka kafka;
  for (const char* codec : {"gzip", "snappy", "lz4", "zstd"}) {
    SCOPED_TRACE(codec);
    kafka.create_topic(codec, 1);
    std::vector<Record> written = random_records(5'000, 100, 2);
    for (Record& record : written)
      record.value = std::string(200 + record.value.value_or("").size(), 'x');
    kafka.produce(codec, written, codec, 1);

    const BatchesRead read = kafka.read_batches(codec, 0, 5'000, {}, 20'000);
    EXPECT_EQ(read.batches.size(), 5'000u);
    EXPECT_LT(read.ops, 200u);
    EXPECT_EQ(decode(read.batches), written);
    // The queue was empty when the first response came.
    const Batch& first = read.batches.front();
    EXPECT_EQ(first.header.is_compressed, 0);
    EXPECT_TRUE(std::any_of(read.batches.begin(), read.batches.end(), [&](const Batch& batch) {
      return batch.op == first.op && batch.header.is_compressed;
    }));
  }
}

TEST(RecordBatch, SmallAndLargeOnesKeepTheirOrder) {
  MockKafka kafka;
  kafka.create_topic("log", 1);
  std::vector<Record> written = random_records(500, 10, 3);
  for (size_t i = 0; i < written.size(); i += 7) {
    written[i].value = std::string(8'100 + i, 'x');  // to both sides of the limit of 8 KiB
  }
  for (const char* codec : {"none", "zstd"}) {
    kafka.create_topic(codec, 1);
    kafka.produce(codec, written, codec, 1);
    const BatchesRead read = kafka.read_batches(codec, 0, 500);
    expect_covered(read.batches, 0, 500);
    EXPECT_EQ(decode(read.batches), written);
  }
}

TEST(RecordBatch, ALargeOneIsWhole) {
  MockKafka kafka;
  kafka.create_topic("log", 1);
  std::vector<Record> written = random_records(3, 10, 4);
  written[1].value = std::string(5'000'000, 'x');
  for (const char* codec : {"none", "gzip", "snappy", "lz4", "zstd"}) {
    SCOPED_TRACE(codec);
    kafka.create_topic(codec, 1);
    kafka.produce(codec, written, codec, 3);
    for (const int64_t room : {0, 100'000}) {
      const BatchesRead read = kafka.read_batches(codec, 0, 3, {}, room);
      ASSERT_EQ(read.batches.size(), 1u);
      EXPECT_EQ(read.batches[0].header.is_compressed, room > 0 && codec != std::string("none"));
      EXPECT_EQ(decode(read.batches), written);
    }
  }
}

TEST(RecordBatch, AStartInMidBatchGetsTheWholeBatch) {
  MockKafka kafka;
  kafka.create_topic("log", 1);
  const std::vector<Record> written = random_records(100, 50, 5);
  kafka.produce("log", written, "lz4", 10);
  for (const int64_t start : {0, 1, 9, 10, 55, 99}) {
    SCOPED_TRACE(start);
    const BatchesRead read = kafka.read_batches("log", start, 100);
    expect_covered(read.batches, start, 100);
    EXPECT_EQ(read.batches.front().header.base_offset, start / 10 * 10);
    const std::vector<Record> records = decode(read.batches);
    const std::vector<Record> wanted(written.begin() + start / 10 * 10, written.end());
    EXPECT_EQ(records, wanted);
  }
}

// Go's clients write blocks of up to 4 MiB, whatever is in them.
TEST(RecordBatch, HoldsNotMuchMoreMemoryThanItHasBytesWhereLz4MayHaveLargeBlocks) {
  std::mt19937 random(6);
  std::string value;
  for (int i = 0; i < 10; ++i) {
    std::string once(20'000, '\0');
    for (char& byte : once)
      byte = static_cast<char>(random());
    value += once + once;
  }
  const std::string plain = raw_record(value);
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.blockSizeID = LZ4F_max4MB;
  std::string frame(LZ4F_compressFrameBound(plain.size(), &preferences), '\0');
  frame.resize(
      LZ4F_compressFrame(frame.data(), frame.size(), plain.data(), plain.size(), &preferences));
  ASSERT_LT(frame.size(), plain.size() * 2 / 3);
  MockKafka kafka;
  kafka.create_topic("log", 1);
  append_raw(rd_kafka_mock_cluster_bootstraps(kafka.cluster()), "log", to_bytes({frame, 3}));

  Handle consumer =
      make_handle(RD_KAFKA_CONSUMER, kafka.with_cluster({{"consume.record.batches", "true"}}));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  ASSERT_EQ(rd_kafka_consume_start(topic, 0, 0), 0);
  rd_kafka_message_t* message = rd_kafka_consume(topic, 0, 30'000);
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_EQ(message->len, plain.size());
  EXPECT_LT(malloc_usable_size(message->payload), plain.size() * 4);
  rd_kafka_message_destroy(message);
  rd_kafka_consume_stop(topic, 0);
  rd_kafka_topic_destroy(topic);
}

// A response of some kilobytes that is 20 MB.
TEST(RecordBatch, NoMoreOfAResponseIsDecompressedThanThereIsRoomFor) {
  constexpr size_t kRoom = 1'000'000;
  MockKafka kafka;
  std::vector<Record> written = random_records(20'000, 10, 7);
  for (Record& record : written)
    record.value = std::string(1'000, 'x');
  for (const char* codec : {"gzip", "snappy", "lz4", "zstd"}) {
    SCOPED_TRACE(codec);
    kafka.create_topic(codec, 1);
    kafka.produce(codec, written, codec, 100);
    const BatchesRead read =
        kafka.read_batches(codec, 0, 20'000, {{"fetch.message.max.bytes", "10000000"}}, kRoom);
    size_t plain = 0;
    for (const Batch& batch : read.batches)
      plain += batch.header.is_compressed ? 0 : batch.records.size();
    EXPECT_GT(plain, kRoom / 2);
    EXPECT_LE(plain, kRoom);
    EXPECT_EQ(decode(read.batches), written);
  }
}

// One in 44 is tried again, since what comes next may compress less.
TEST(RecordBatch, WhatFitsAgainIsDecompressedAgain) {
  MockKafka kafka;
  kafka.create_topic("log", 1);
  std::vector<Record> written = random_records(600, 10, 8);
  std::mt19937 random(8);
  for (size_t i = 0; i < written.size(); ++i) {
    const bool is_large = i < 10;
    written[i].value = std::string(is_large ? 9'000'000 : 20'000, 'x');
    if (is_large) continue;
    for (char& byte : *written[i].value)
      byte = static_cast<char>(random() % 64);
  }
  kafka.produce("log", written, "zstd", 1);
  const BatchesRead read =
      kafka.read_batches("log", 0, 600, {{"fetch.message.max.bytes", "60000"}}, 2'000'000);
  EXPECT_EQ(read.batches.front().header.is_compressed, 1);
  EXPECT_EQ(read.batches.back().header.is_compressed, 0);
  EXPECT_EQ(decode(read.batches), written);
}

TEST(RecordBatch, ALargerOneThanReceiveMessageMaxBytesIsLeftCompressed) {
  MockKafka kafka;
  const std::string value(3'000'000, 'x');  // a few kilobytes compressed
  for (const char* codec : {"gzip", "snappy", "lz4", "zstd"}) {
    SCOPED_TRACE(codec);
    kafka.create_topic(codec, 1);
    kafka.produce(codec, {{0, kTime, "k", value, {}}}, codec);
    const BatchesRead read = kafka.read_batches(codec, 0, 1,
                                                {{"fetch.max.bytes", "1000000"},
                                                 {"fetch.message.max.bytes", "1000000"},
                                                 {"receive.message.max.bytes", "1000512"}});
    ASSERT_EQ(read.batches.size(), 1u);
    EXPECT_EQ(read.batches.front().header.is_compressed, 1);
  }
}

}  // namespace
}  // namespace tidemark_test
