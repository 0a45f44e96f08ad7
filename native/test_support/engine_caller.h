// EngineCaller: stands in for the event loop, which waits for the doorbell.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "engine/engine.h"
#include "test_support/mock_kafka.h"
#include "test_support/record_columns.h"

namespace tidemark {

class EngineCaller {
 public:
  explicit EngineCaller(EngineOptions options)
      : engine_(Engine::start(std::move(options), [this] {
          std::lock_guard<std::mutex> lock(mutex_);
          rung_ = true;
          condition_.notify_one();
        })) {}
  ~EngineCaller() {
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
  // Drops the notices before one of this type. False when none came.
  bool wait_for_notice(Notice::Type type) {
    return wait_for<bool>([this, type]() -> std::optional<bool> {
      for (const Notice& notice : engine_->mailbox().take_notices()) {
        if (notice.type == type) return true;
      }
      return std::nullopt;
    });
  }
  Engine& engine() { return *engine_; }

 private:
  template <typename T, typename Take>
  T wait_for(Take take) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
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

inline EngineOptions options_for(const std::string& bootstrap, const std::string& topic) {
  EngineOptions options;
  options.client.config = {{"bootstrap.servers", bootstrap}};
  options.topics = {{topic, TopicStart::Kind::kEarliest, 0}};
  options.columns = testing::record_columns();
  options.batch_size = 1000;
  options.max_batch_bytes = 1 << 20;
  options.max_buffered_bytes = 32 << 20;
  options.create_timeout_ms = 30'000;
  options.close_timeout_ms = 5'000;
  return options;
}

inline EngineOptions options_for(const MockKafka& kafka, const std::string& topic) {
  return options_for(kafka.bootstrap(), topic);
}

}  // namespace tidemark
