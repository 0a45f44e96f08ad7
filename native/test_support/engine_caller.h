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
#include "kafka/kafka_source.h"
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
  // Drops the events before one of this type. False when none came.
  bool wait_for_event(ClientEvent::Type type) {
    return wait_for<bool>([this, type]() -> std::optional<bool> {
      for (const ClientEvent& event : engine_->mailbox().take_client_events()) {
        if (event.type == type) return true;
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

inline EngineOptions options_for(const std::string& bootstrap, const std::string& topic,
                                 Properties config = {}) {
  config.push_back({"bootstrap.servers", bootstrap});
  Demand demand;
  demand.topics = {{topic, Start()}};
  demand.budget = {32 << 20, false};
  demand.open_timeout = std::chrono::seconds(30);
  EngineOptions options;
  options.budget = demand.budget;
  options.inputs.push_back({"", std::make_shared<KafkaSource>(std::move(config)), demand});
  options.columns = testing::record_columns();
  options.batch_size = 1000;
  options.max_batch_bytes = 1 << 20;
  options.close_timeout = std::chrono::seconds(5);
  return options;
}

inline EngineOptions options_for(const MockKafka& kafka, const std::string& topic) {
  return options_for(kafka.bootstrap(), topic);
}

}  // namespace tidemark
