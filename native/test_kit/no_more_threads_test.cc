// What is said where the system has no more threads.
#include <gtest/gtest.h>
#include <pthread.h>

#include <optional>
#include <utility>

#include "kafka/client.h"
#include "test_kit/producer.h"
#include "test_support/engine_caller.h"

namespace tidemark {
namespace {

constexpr const char* kSays = "no thread could be started";

// Threads with stacks that no machine has room for.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, size_t{1} << 46);
    EXPECT_EQ(pthread_setattr_default_np(&huge), 0);
    pthread_attr_destroy(&huge);
  }
  ~NoMoreThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }

 private:
  pthread_attr_t before_;
};

TEST(NoMoreThreadsTest, TheEngineSaysSo) {
  std::optional<NoMoreThreads> none(std::in_place);
  EngineCaller caller(options_for("127.0.0.1:1", "t"));
  none.reset();
  const Status opened = caller.opened();
  EXPECT_EQ(opened.code, ErrorCode::kOutOfMemory);
  EXPECT_NE(opened.message.find(kSays), std::string::npos) << opened.message;
  EXPECT_TRUE(caller.engine().mailbox().is_closed());
}

TEST(NoMoreThreadsTest, TheClientSaysSo) {
  std::optional<NoMoreThreads> none(std::in_place);
  Client client;
  const Status opened = client.open(
      ClientOptions(), [](rd_kafka_t*, void*) {}, nullptr);
  none.reset();
  EXPECT_EQ(opened.code, ErrorCode::kOutOfMemory);
  EXPECT_NE(opened.message.find(kSays), std::string::npos) << opened.message;
}

TEST(NoMoreThreadsTest, TheProducerSaysSo) {
  std::optional<NoMoreThreads> none(std::in_place);
  const auto producer = Producer::start({}, [] {});
  none.reset();
  const auto answers = producer->take_answers();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].status.code, ErrorCode::kOutOfMemory);
  EXPECT_TRUE(producer->is_closed());
}

}  // namespace
}  // namespace tidemark
