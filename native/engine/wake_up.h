// WakeUp: what the engine's thread sleeps on. Queues ring by their partition's index, so that the
// thread looks only at those that rang, not at all.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "clock.h"

namespace tidemark {

class WakeUp {
 public:
  // From any thread, also under a lock of librdkafka: takes only its own lock, for an instant.
  void signal() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (signalled_) return;
      signalled_ = true;
    }
    condition_.notify_one();
  }

  void ring(uint32_t partition_index) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      rung_.push_back(partition_index);
      if (signalled_) return;
      signalled_ = true;
    }
    condition_.notify_one();
  }

  // Returns at a signal, or at the deadline, with the partitions that rang since the last call.
  void wait_until(Clock::time_point deadline, std::vector<uint32_t>* rung) {
    rung->clear();
    std::unique_lock<std::mutex> lock(mutex_);
    if (deadline == Clock::time_point::max()) {
      condition_.wait(lock, [this] { return signalled_; });
    } else {
      condition_.wait_until(lock, deadline, [this] { return signalled_; });
    }
    signalled_ = false;
    rung->swap(rung_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool signalled_ = false;
  std::vector<uint32_t> rung_;
};

}  // namespace tidemark
