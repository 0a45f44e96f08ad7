// The engine over mock brokers, without Node: what the sanitizers look at.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include "test_support/engine_caller.h"
#include "test_support/mock_kafka.h"
#include "test_support/slab_reader.h"

namespace tidemark {
namespace {

using std::chrono::seconds;

std::vector<int64_t> timestamps_of(const Slab& slab) {
  std::vector<int64_t> timestamps;
  for (const testing::SlabRow& row : testing::read_slab(slab))
    timestamps.push_back(row.timestamp.value());
  return timestamps;
}

TEST(EngineTest, ReplaysInTimestampOrderThenGoesLive) {
  constexpr int kPartitions = 4, kRecords = 20'000;
  MockKafka kafka(2);
  kafka.create_topic("ticks", kPartitions);
  for (int i = 0; i < kRecords; ++i)
    kafka.produce("ticks", (i / 7) % kPartitions, 1'000'000 + i, std::to_string(i));
  kafka.flush();

  EngineCaller caller(options_for(kafka, "ticks"));
  const Status opened = caller.opened();
  ASSERT_TRUE(opened.ok()) << opened.message;
  int64_t next = 1'000'000;
  bool live = false;
  while (!live) {
    Answer answer = caller.poll(seconds(60));
    ASSERT_TRUE(answer.error.ok()) << answer.error.message;
    live = answer.state.is_live();
    if (!answer.slab) continue;
    for (const int64_t timestamp : timestamps_of(*answer.slab))
      ASSERT_EQ(timestamp, next++);
    caller.engine().slab_pool()->give_back(std::move(answer.slab));
  }
  EXPECT_EQ(next, 1'000'000 + kRecords);

  kafka.produce("ticks", 3, 1'500'000, "live");
  kafka.flush();
  Answer answer = caller.poll(seconds(60));
  ASSERT_TRUE(answer.slab);
  EXPECT_EQ(timestamps_of(*answer.slab), std::vector<int64_t>{1'500'000});
}

// Each has a client of its own: what they share is the bell, the budget and the thread.
TEST(EngineTest, ReplaysTwoClustersAsOneThenGoesLive) {
  constexpr int kRecords = 10'000;
  MockKafka eu(1), us(1);
  for (MockKafka* const kafka : {&eu, &us})
    kafka->create_topic("ticks", 2);
  for (int i = 0; i < kRecords; ++i) {
    // Each time twice, once in either.
    for (MockKafka* const kafka : {&eu, &us})
      kafka->produce("ticks", i % 2, 1'000'000 + i, "v");
  }
  for (MockKafka* const kafka : {&eu, &us})
    kafka->flush();

  EngineOptions options = options_for(us, "ticks");
  options.inputs.push_back(options_for(eu, "ticks").inputs[0]);
  options.inputs[0].name = "us";
  options.inputs[1].name = "eu";
  options.columns = testing::columns_with_source();
  EngineCaller caller(std::move(options));
  const Status opened = caller.opened();
  ASSERT_TRUE(opened.ok()) << opened.message;
  const auto rows_of = [&](Answer answer) {
    return answer.slab ? testing::read_slab(*answer.slab, testing::columns_with_source())
                       : std::vector<testing::SlabRow>();
  };
  int64_t next = 0;
  for (bool live = false; !live;) {
    Answer answer = caller.poll(seconds(60));
    ASSERT_TRUE(answer.error.ok()) << answer.error.message;
    live = answer.state.is_live();
    for (const testing::SlabRow& row : rows_of(std::move(answer))) {
      ASSERT_EQ(row.timestamp, 1'000'000 + next / 2);
      ASSERT_EQ(row.source, next % 2) << "eu comes before us";
      ++next;
    }
  }
  EXPECT_EQ(next, 2 * kRecords);
  for (MockKafka* const kafka : {&us, &eu}) {
    kafka->produce("ticks", 0, 1'500'000, "live");
    kafka->flush();
    const std::vector<testing::SlabRow> rows = rows_of(caller.poll(seconds(60)));
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].source, kafka == &us ? 1 : 0);
  }
}

TEST(EngineTest, IsLiveFromTheStartWithNothingToReplay) {
  MockKafka kafka(1);
  kafka.create_topic("empty", 2);
  EngineCaller caller(options_for(kafka, "empty"));
  ASSERT_TRUE(caller.opened().ok());
  EXPECT_TRUE(caller.engine().first_state().is_live());
  EXPECT_FALSE(caller.poll(std::chrono::milliseconds(5)).slab);
}

TEST(EngineTest, NamesTheUnknownTopic) {
  MockKafka kafka(1);
  kafka.create_topic("there", 1);
  EngineOptions options = options_for(kafka, "there");
  // The mock cluster creates what is asked for; a name it refuses is one it cannot create.
  options.inputs[0].demand.topics[0].name = std::string(300, 'x');
  EngineCaller caller(std::move(options));
  const Status opened = caller.opened();
  EXPECT_EQ(opened.code, ErrorCode::kUnknownTopic);
  EXPECT_EQ(opened.topic, std::string(300, 'x'));
}

TEST(EngineTest, SaysWhatWasTriedWhenNoBrokerAnswers) {
  EngineOptions options = options_for("127.0.0.1:1", "t");
  options.inputs[0].demand.open_timeout = std::chrono::milliseconds(300);
  EngineCaller caller(std::move(options));
  const Status opened = caller.opened();
  EXPECT_EQ(opened.code, ErrorCode::kCreateTimeout);
  EXPECT_NE(opened.message.find("127.0.0.1:1"), std::string::npos) << opened.message;
}

TEST(EngineTest, ReplaysUnderASmallBudgetWithOnePartitionOlderThanAllOthers) {
  constexpr int kPartitions = 4, kRecords = 2'000;
  MockKafka kafka(1);
  kafka.create_topic("blocks", kPartitions);
  const std::string value(10'000, 'v');
  for (int i = 0; i < kRecords; ++i)
    kafka.produce("blocks", i / (kRecords / kPartitions), 1'000'000 + i, value);
  kafka.flush();
  EngineOptions options = options_for(kafka, "blocks");
  options.budget.bytes = kPartitions * kMinBudgetPerPartition;
  options.inputs[0].demand.budget = options.budget;
  EngineCaller caller(std::move(options));
  ASSERT_TRUE(caller.opened().ok());
  int64_t next = 1'000'000;
  for (bool live = false; !live;) {
    Answer answer = caller.poll(seconds(60));
    ASSERT_TRUE(answer.error.ok()) << answer.error.message;
    live = answer.state.is_live();
    if (!answer.slab) continue;
    for (const int64_t timestamp : timestamps_of(*answer.slab))
      ASSERT_EQ(timestamp, next++);
  }
  EXPECT_EQ(next, 1'000'000 + kRecords);
}

TEST(EngineTest, SaysWhatStallsWhileABrokerKeepsTheFetch) {
  constexpr int16_t kFetch = 1;
  MockKafka kafka(1);
  kafka.create_topic("slow", 1);
  kafka.produce("slow", 0, 1'000'000, "v");
  kafka.flush();
  rd_kafka_mock_broker_push_request_error_rtts(kafka.cluster(), 1, kFetch, 1,
                                               RD_KAFKA_RESP_ERR_NO_ERROR, 120'000);
  EngineOptions options = options_for(kafka, "slow");
  options.stall_timeout = std::chrono::milliseconds(200);
  EngineCaller caller(std::move(options));
  ASSERT_TRUE(caller.opened().ok());
  const Answer answer = caller.poll(seconds(60));
  EXPECT_EQ(answer.error.code, ErrorCode::kStalled);
  EXPECT_EQ(answer.error.topic, "slow");
}

}  // namespace
}  // namespace tidemark
