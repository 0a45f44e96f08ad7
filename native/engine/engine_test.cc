// The engine over mock brokers, without Node: what the sanitizers look at.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstring>
#include <mutex>

#include "testing_support/mock_kafka.h"

namespace tidemark {
namespace {

using std::chrono::seconds;

// Stands in for the event loop: waits for the doorbell.
class Caller {
 public:
  explicit Caller(EngineOptions options)
      : engine_(Engine::start(std::move(options), [this] {
          std::lock_guard<std::mutex> lock(mutex_);
          rung_ = true;
          condition_.notify_one();
        })) {}
  ~Caller() {
    engine_->close();
    engine_->join();
  }

  Status opened() {
    return wait_for<Status>([this] { return engine_->mailbox().take_opened(); });
  }
  Answer poll(std::chrono::milliseconds timeout) {
    EXPECT_TRUE(engine_->mailbox().request_poll(Clock::now() + timeout));
    return wait_for<Answer>([this] { return engine_->mailbox().take_answer(); });
  }
  Engine& engine() { return *engine_; }

 private:
  template <typename T, typename Take>
  T wait_for(Take take) {
    const auto deadline = Clock::now() + seconds(60);
    for (;;) {
      if (std::optional<T> taken = take()) return std::move(*taken);
      std::unique_lock<std::mutex> lock(mutex_);
      if (!condition_.wait_until(lock, deadline, [this] { return rung_; })) {
        ADD_FAILURE() << "nothing came";
        return T();
      }
      rung_ = false;
    }
  }

  std::mutex mutex_;
  std::condition_variable condition_;
  bool rung_ = false;
  std::shared_ptr<Engine> engine_;
};

EngineOptions options_for(const MockKafka& kafka, const std::string& topic) {
  EngineOptions options;
  options.client.config = {{"bootstrap.servers", kafka.bootstrap()}};
  options.topics = {{topic, TopicStart::Kind::kEarliest, 0}};
  options.batch_size = 1000;
  options.max_batch_bytes = 1 << 20;
  options.max_buffered_bytes = 32 << 20;
  options.create_timeout_ms = 30'000;
  options.close_timeout_ms = 5'000;
  return options;
}

std::vector<int64_t> timestamps_of(const Slab& slab) {
  const SlabLayout layout(slab.row_capacity);
  std::vector<int64_t> timestamps(slab.rows);
  memcpy(timestamps.data(), slab.fixed.data() + layout.timestamp, slab.rows * sizeof(int64_t));
  return timestamps;
}

TEST(EngineTest, ReplaysInTimestampOrderThenGoesLive) {
  constexpr int kPartitions = 4, kRecords = 20'000;
  MockKafka kafka(2);
  kafka.create_topic("ticks", kPartitions);
  for (int i = 0; i < kRecords; ++i)
    kafka.produce("ticks", (i / 7) % kPartitions, 1'000'000 + i, std::to_string(i));
  kafka.flush();

  Caller caller(options_for(kafka, "ticks"));
  const Status opened = caller.opened();
  ASSERT_TRUE(opened.ok()) << opened.message;
  int64_t next = 1'000'000;
  bool live = false;
  while (!live) {
    Answer answer = caller.poll(seconds(30));
    ASSERT_TRUE(answer.error.ok()) << answer.error.message;
    live = answer.state.is_live;
    if (!answer.slab) continue;
    for (const int64_t timestamp : timestamps_of(*answer.slab))
      ASSERT_EQ(timestamp, next++);
    caller.engine().slab_pool()->give_back(std::move(answer.slab));
  }
  EXPECT_EQ(next, 1'000'000 + kRecords);

  kafka.produce("ticks", 3, 1'500'000, "live");
  kafka.flush();
  Answer answer = caller.poll(seconds(30));
  ASSERT_TRUE(answer.slab);
  EXPECT_EQ(timestamps_of(*answer.slab), std::vector<int64_t>{1'500'000});
}

TEST(EngineTest, IsLiveFromTheStartWithNothingToReplay) {
  MockKafka kafka(1);
  kafka.create_topic("empty", 2);
  Caller caller(options_for(kafka, "empty"));
  ASSERT_TRUE(caller.opened().ok());
  EXPECT_TRUE(caller.engine().first_state().is_live);
  EXPECT_FALSE(caller.poll(std::chrono::milliseconds(5)).slab);
}

TEST(EngineTest, NamesTheUnknownTopic) {
  MockKafka kafka(1);
  kafka.create_topic("there", 1);
  EngineOptions options = options_for(kafka, "there");
  options.topics = {{"not-there", TopicStart::Kind::kEarliest, 0}};
  // The mock cluster creates what is asked for; a name it refuses is one it cannot create.
  options.topics[0].topic = std::string(300, 'x');
  options.create_timeout_ms = 5'000;
  Caller caller(std::move(options));
  const Status opened = caller.opened();
  EXPECT_FALSE(opened.ok());
}

TEST(EngineTest, SaysWhatWasTriedWhenNoBrokerAnswers) {
  EngineOptions options;
  options.client.config = {{"bootstrap.servers", "127.0.0.1:1"}};
  options.topics = {{"t", TopicStart::Kind::kEarliest, 0}};
  options.batch_size = 10;
  options.max_batch_bytes = 1 << 20;
  options.max_buffered_bytes = 32 << 20;
  options.create_timeout_ms = 300;
  options.close_timeout_ms = 5'000;
  Caller caller(std::move(options));
  const Status opened = caller.opened();
  EXPECT_EQ(opened.code, ErrorCode::kCreateTimeout);
  EXPECT_NE(opened.message.find("127.0.0.1:1"), std::string::npos) << opened.message;
}

TEST(EngineTest, AnswersAPendingPollWhenClosed) {
  MockKafka kafka(1);
  kafka.create_topic("quiet", 1);
  Caller caller(options_for(kafka, "quiet"));
  ASSERT_TRUE(caller.opened().ok());
  std::thread closer([&] { caller.engine().close(); });
  const Answer answer = caller.poll(seconds(30));
  EXPECT_EQ(answer.error.code, ErrorCode::kClosed);
  closer.join();
}

TEST(EngineTest, ClosesWhileItOpens) {
  EngineOptions options;
  options.client.config = {{"bootstrap.servers", "127.0.0.1:1"}};
  options.topics = {{"t", TopicStart::Kind::kEarliest, 0}};
  options.batch_size = 10;
  options.max_batch_bytes = 1 << 20;
  options.max_buffered_bytes = 32 << 20;
  options.create_timeout_ms = 60'000;
  options.close_timeout_ms = 5'000;
  const auto begin = Clock::now();
  { Caller caller(std::move(options)); }
  EXPECT_LT(Clock::now() - begin, seconds(10));
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
  options.max_buffered_bytes = kPartitions * kMinBudgetPerPartition;
  Caller caller(std::move(options));
  ASSERT_TRUE(caller.opened().ok());
  int64_t next = 1'000'000;
  for (bool live = false; !live;) {
    Answer answer = caller.poll(seconds(30));
    ASSERT_TRUE(answer.error.ok()) << answer.error.message;
    live = answer.state.is_live;
    if (!answer.slab) continue;
    for (const int64_t timestamp : timestamps_of(*answer.slab))
      ASSERT_EQ(timestamp, next++);
  }
  EXPECT_EQ(next, 1'000'000 + kRecords);
}

}  // namespace
}  // namespace tidemark
