#include "engine/stall.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using std::chrono::milliseconds;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Stall stall_of(int32_t partition) {
  Stall stall;
  stall.id = {"trades", partition, 0};
  stall.position = 1'234;
  stall.end_offset = 5'678;
  stall.facts.where = "its broker b:9092 cannot be reached";
  return stall;
}

TEST(StallTest, NamesThePartitionItsOffsetsAndItsBroker) {
  const Status status = stall_error(stall_of(3), milliseconds(60'000));
  EXPECT_EQ(status.code, ErrorCode::kStalled);
  EXPECT_TRUE(status.retriable);
  EXPECT_EQ(status.topic, "trades");
  EXPECT_EQ(status.partition, 3);
  EXPECT_EQ(status.offset, 1'234);
  for (const char* part : {"topic 'trades', partition 3, offset 1234: ", "5678", "60 s",
                           "b:9092 cannot be reached", "stallTimeoutMs"}) {
    EXPECT_TRUE(contains(status.message, part)) << part << ": " << status.message;
  }
  EXPECT_FALSE(contains(status.message, "wait for it")) << status.message;
}

TEST(StallTest, NamesThePartitionsLastError) {
  Stall stall = stall_of(3);
  stall.facts.last_error = "not leader";
  stall.facts.kafka_code = 6;
  const Status status = stall_error(stall, milliseconds(250));
  EXPECT_EQ(status.kafka_code, 6);
  EXPECT_TRUE(contains(status.message, "last error was: not leader")) << status.message;
  EXPECT_TRUE(contains(status.message, "0.25 s")) << status.message;
}

TEST(StallTest, SaysThatTheEndOffsetIsNotKnown) {
  Stall stall = stall_of(3);
  stall.end_offset = -1;
  const std::string message = stall_error(stall, milliseconds(60'000)).message;
  EXPECT_TRUE(contains(message, "end offset is not known; ")) << message;
}

TEST(StallTest, NamesSourcesThatHaveNames) {
  Stall stall = stall_of(3);
  stall.id.source = "eu";
  stall.waiting = {{"trades", 3, 0, 0, "us"}};
  const Status status = stall_error(stall, milliseconds(60'000));
  EXPECT_EQ(status.source, "eu");
  for (const char* part : {"source 'eu': topic 'trades', partition 3, offset 1234: ",
                           "those of trades-3 of source 'us'; "})
    EXPECT_TRUE(contains(status.message, part)) << status.message;
}

TEST(StallTest, NamesAFewOfThoseThatStallTooAndOfThoseThatWait) {
  Stall stall = stall_of(0);
  for (int32_t i = 1; i < 6; ++i)
    stall.others.push_back({"trades", i, 0});
  stall.waiting = {{"quotes", 7, 1}, {"quotes", 8, 1}};
  stall.waiting_records = 42;
  const std::string message = stall_error(stall, milliseconds(60'000)).message;
  EXPECT_TRUE(contains(message, "trades-1, trades-2, trades-3 and 2 more")) << message;
  EXPECT_TRUE(contains(message, "42 records")) << message;
  EXPECT_TRUE(contains(message, "quotes-7, quotes-8; ")) << message;
}

}  // namespace
}  // namespace tidemark
