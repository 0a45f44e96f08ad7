// The end of an engine, at moments when librdkafka's threads call into it.
#include <gtest/gtest.h>

#include <thread>

#include "engine/engine.h"
#include "test_support/engine_caller.h"
#include "test_support/mock_kafka.h"

namespace tidemark {
namespace {

using std::chrono::seconds;

TEST(EngineCloseTest, AnswersAPendingPollWhenClosed) {
  MockKafka kafka(1);
  kafka.create_topic("quiet", 1);
  EngineCaller caller(options_for(kafka, "quiet"));
  ASSERT_TRUE(caller.opened().ok());
  std::thread closer([&] { caller.engine().close(); });
  const Answer answer = caller.poll(seconds(60));
  EXPECT_EQ(answer.error.code, ErrorCode::kClosed);
  closer.join();
}

TEST(EngineCloseTest, ClosesWhileItOpens) {
  EngineOptions options = options_for("127.0.0.1:1", "t");
  options.inputs[0].demand.open_timeout = std::chrono::minutes(10);
  const auto begin = Clock::now();
  { EngineCaller caller(std::move(options)); }
  EXPECT_LT(Clock::now() - begin, seconds(60));
}

TEST(EngineCloseTest, ClosesWhileBrokersGoDownAndComeBack) {
  constexpr int kBrokers = 3, kPartitions = 6;
  MockKafka kafka(kBrokers);
  kafka.create_topic("ticks", kPartitions);
  for (int i = 0; i < 3'000; ++i)
    kafka.produce("ticks", i % kPartitions, 1'000'000 + i, std::to_string(i));
  kafka.flush();
  const auto set_brokers = [&](auto set) {
    for (int id = 1; id <= kBrokers; ++id)
      ASSERT_EQ(set(kafka.cluster(), id), RD_KAFKA_RESP_ERR_NO_ERROR);
  };
  for (int round = 0; round < 6; ++round) {
    EngineOptions options =
        options_for(kafka.bootstrap(), "ticks",
                    {{"reconnect.backoff.ms", "1"}, {"reconnect.backoff.max.ms", "5"}});
    options.wants_logs = true;
    options.wants_client_events = true;
    EngineCaller caller(std::move(options));
    ASSERT_TRUE(caller.opened().ok());
    ASSERT_TRUE(caller.wait_for_event(ClientEvent::Type::kBrokerUp));
    set_brokers(rd_kafka_mock_broker_set_down);
    // Every other engine is closed while its connections break, the others while they come back.
    if (round % 2 == 0) {
      caller.engine().close();
    } else {
      ASSERT_TRUE(caller.wait_for_event(ClientEvent::Type::kBrokerDown));
    }
    set_brokers(rd_kafka_mock_broker_set_up);
  }
}

TEST(EngineCloseTest, ClosesWhileFetchesArrive) {
  constexpr int kPartitions = 4;
  MockKafka kafka(2);
  kafka.create_topic("ticks", kPartitions);
  const std::string value(1'000, 'v');
  for (int i = 0; i < 20'000; ++i)
    kafka.produce("ticks", i % kPartitions, 1'000'000 + i, value);
  kafka.flush();
  for (int round = 0; round < 6; ++round) {
    EngineCaller caller(options_for(kafka, "ticks"));
    ASSERT_TRUE(caller.opened().ok());
    if (round % 2 == 1) {
      ASSERT_TRUE(caller.poll(seconds(60)).slab);
    }
  }
}

TEST(EngineCloseTest, RefusesATokenFromTheMomentThatTheClientIsGone) {
  MockKafka kafka(1);
  kafka.create_topic("quiet", 1);
  EngineOptions options = options_for(kafka, "quiet");
  const auto source = std::static_pointer_cast<KafkaSource>(options.inputs[0].source);
  EngineCaller caller(std::move(options));
  ASSERT_TRUE(caller.opened().ok());
  caller.engine().close();
  // As the event loop does that got its token too late. Without SASL it is refused before, too.
  const auto deadline = Clock::now() + seconds(60);
  ErrorCode code;
  do {
    code = source->set_oauth_token("token", 0, "principal").code;
    source->set_oauth_token_failure("no token");
  } while (code != ErrorCode::kClosed && Clock::now() < deadline);
  EXPECT_EQ(code, ErrorCode::kClosed);
}

}  // namespace
}  // namespace tidemark
