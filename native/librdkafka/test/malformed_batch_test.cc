// Record batches that no producer should write. Each must end in an error that names its offset, as
// often as it is looked at: never in silence, in a jump, or in the end of the process.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mock_kafka.h"
#include "raw_log.h"

namespace tidemark_test {
namespace {

using namespace std::string_literals;

constexpr int16_t kControl = 0x20;

struct Malformed {
  const char* name;
  RawBatch batch;
  rd_kafka_resp_err_t err;
};

void PrintTo(const Malformed& malformed, std::ostream* out) { *out << malformed.name; }

/// A batch whose length is `lie` off.
RawBatch of_length(int32_t lie) {
  RawBatch batch{raw_record("x")};
  batch.length_lie = lie;
  return batch;
}

std::vector<Malformed> malformed_batches() {
  constexpr auto kBadMessage = RD_KAFKA_RESP_ERR__BAD_MSG;
  RawBatch wrong_crc{raw_record("x")};
  wrong_crc.crc_lie = 1;
  RawBatch unknown_magic{raw_record("x")};
  unknown_magic.magic = 3;

  return {
      {"WrongCrc", wrong_crc, kBadMessage},
      {"UnknownMagic", unknown_magic, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED},
      {"NegativeLength", of_length(-1'000), kBadMessage},
      {"TooShortLength", of_length(-20), kBadMessage},
      {"LengthPastTheEnd", of_length(100'000), kBadMessage},
      {"ControlBatchThatIsNone", {"garbage", kControl}, kBadMessage},
      {"ControlBatchCutShort", {"\x10\0\0\0"s, kControl}, kBadMessage},
  };
}

class MalformedBatch : public ::testing::TestWithParam<Malformed> {
 protected:
  void append(const std::string& bytes) {
    append_raw(rd_kafka_mock_cluster_bootstraps(kafka_.cluster()), "log", bytes);
  }

  MockKafka kafka_;
};

TEST_P(MalformedBatch, IsReportedAtItsOffset) {
  kafka_.create_topic("log", 1);
  append(to_bytes({raw_record("good")}));
  append(to_bytes(GetParam().batch));

  Handle consumer =
      make_handle(RD_KAFKA_CONSUMER, kafka_.with_cluster({{"consume.record.batches", "true"},
                                                          {"check.crcs", "true"},
                                                          {"fetch.wait.max.ms", "10"},
                                                          {"fetch.error.backoff.ms", "10"}}));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  ASSERT_EQ(rd_kafka_consume_start(topic, 0, 0), 0);

  rd_kafka_message_t* message = rd_kafka_consume(topic, 0, 20'000);
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_EQ(message->offset, 0);
  rd_kafka_message_destroy(message);

  for (int times = 0; times < 3; times++) {
    message = rd_kafka_consume(topic, 0, 20'000);
    ASSERT_NE(message, nullptr);
    EXPECT_STREQ(rd_kafka_err2name(message->err), rd_kafka_err2name(GetParam().err));
    EXPECT_EQ(message->offset, 1);
    EXPECT_EQ(rd_kafka_message_is_record_batch(message), 0);
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consume_stop(topic, 0);
  rd_kafka_topic_destroy(topic);
}

INSTANTIATE_TEST_SUITE_P(All, MalformedBatch, ::testing::ValuesIn(malformed_batches()),
                         [](const auto& info) { return std::string(info.param.name); });

class OddBatch : public MalformedBatch {};

TEST_F(OddBatch, AnEmptyOneCoversItsOffsets) {
  kafka_.create_topic("log", 1);
  RawBatch empty;
  empty.record_count = 5;  // the mock gives it five offsets, as if compaction had emptied it
  for (const int16_t attributes : {0, 3, int{kControl}}) {
    empty.attributes = attributes;
    append(to_bytes(empty));
  }
  append(to_bytes({raw_record("good")}));

  const BatchesRead read = kafka_.read_batches("log", 0, 16);
  ASSERT_EQ(read.batches.size(), 4u);
  EXPECT_EQ(read.batches[0].header.last_offset, 4);
  EXPECT_EQ(read.batches[1].header.kind, RD_KAFKA_RECORD_BATCH_RECORDS);
  EXPECT_EQ(read.batches[1].header.size, 0u);
  EXPECT_EQ(read.batches[2].header.kind, RD_KAFKA_RECORD_BATCH_CONTROL);
  EXPECT_EQ(read.batches[3].header.base_offset, 15);
}

// Who reads them says what is wrong, and has the records before it.
TEST_F(OddBatch, OneThatDoesNotDecompressIsLeftAsItCame) {
  const std::string gzip_of_nothing = "\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0"s;
  const std::vector<RawBatch> batches = {
      {"garbage", 1},
      {"garbage", 2},
      {"garbage", 3},
      {"garbage", 4},
      {"garbage", 7},
      {gzip_of_nothing, 1},
      {"\0"s, 2},
      {"\x04\x22\x4d\x18\x60\x40\x82\0\0\0\0"s, 3},
      {"\x28\xb5\x2f\xfd\x20\0\1\0\0"s, 4},
      {gzip_of_nothing.substr(0, 11), 1},
      {"\x04\x22\x4d\x18\x60\x40\x82\1\0\0\x80x"s, 3},
      {"\xff\xff\xff\xff\x0f\x00x"s, 2},  // snappy that claims 4 GB
  };
  kafka_.create_topic("log", 1);
  for (const RawBatch& batch : batches)
    append(to_bytes(batch));
  const BatchesRead read = kafka_.read_batches("log", 0, static_cast<int64_t>(batches.size()));
  ASSERT_EQ(read.batches.size(), batches.size());
  for (size_t i = 0; i < batches.size(); ++i) {
    EXPECT_EQ(read.batches[i].header.is_compressed, 1) << i;
    EXPECT_EQ(read.batches[i].records, batches[i].records) << i;
  }
}

TEST_F(OddBatch, LogAppendTimeIsInTheAttributes) {
  kafka_.create_topic("log", 1);
  append(to_bytes({raw_record("good"), 1 << 3}));
  const BatchesRead read = kafka_.read_batches("log", 0, 1);
  EXPECT_EQ(read.batches.at(0).header.attributes, 1 << 3);
  EXPECT_EQ(decode(read.batches).at(0).timestamp, read.batches[0].header.max_timestamp);
}

TEST_F(OddBatch, MessagesOfFormatV1ComeAsMessages) {
  kafka_.create_topic("log", 1);
  append(to_bytes({raw_record("new")}));
  append(raw_message_v1("old"));
  append(to_bytes({raw_record("new")}));

  Handle consumer =
      make_handle(RD_KAFKA_CONSUMER, kafka_.with_cluster({{"consume.record.batches", "true"}}));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer.get(), "log", nullptr);
  ASSERT_EQ(rd_kafka_consume_start(topic, 0, 0), 0);
  for (int64_t offset = 0; offset < 3; offset++) {
    rd_kafka_message_t* message = rd_kafka_consume(topic, 0, 20'000);
    ASSERT_NE(message, nullptr);
    EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR);
    EXPECT_EQ(message->offset, offset);
    EXPECT_EQ(rd_kafka_message_is_record_batch(message), offset == 1 ? 0 : 1);
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consume_stop(topic, 0);
  rd_kafka_topic_destroy(topic);
}

}  // namespace
}  // namespace tidemark_test
