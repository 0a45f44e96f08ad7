// WakeUp: what a thread sleeps on. Partitions ring by their handles, so that the engine's thread
// looks only at those that rang, not at all.
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "clock.h"
#include "source/bell.h"

namespace tidemark {

class WakeUp final : public Bell {
 public:
  void ring() override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (rung_) return;
      rung_ = true;
    }
    condition_.notify_one();
  }

  void ring(PartitionHandle partition) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      partitions_.push_back(partition);
      if (rung_) return;
      rung_ = true;
    }
    condition_.notify_one();
  }

  // Returns at a ring, or at the deadline, with the partitions that rang since the last call.
  void wait_until(Clock::time_point deadline, std::vector<PartitionHandle>* partitions) {
    partitions->clear();
    std::unique_lock<std::mutex> lock(mutex_);
    if (deadline == Clock::time_point::max()) {
      condition_.wait(lock, [this] { return rung_; });
    } else {
      condition_.wait_until(lock, deadline, [this] { return rung_; });
    }
    rung_ = false;
    partitions->swap(partitions_);
  }

  // The same without waiting. False: nobody rang.
  bool take_rung(std::vector<PartitionHandle>* partitions) {
    partitions->clear();
    std::lock_guard<std::mutex> lock(mutex_);
    partitions->swap(partitions_);
    return std::exchange(rung_, false);
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool rung_ = false;
  std::vector<PartitionHandle> partitions_;
};

}  // namespace tidemark
