// WindowPool: windows for the partitions whose first held record batch is compressed. Each has one
// as long as it reads that batch: of 1,000 partitions that did once, none keeps any.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include "merge/inflated_window.h"

namespace tidemark {

class WindowPool {
 public:
  // `step` and `ahead`, which outlives it, are those of its windows.
  explicit WindowPool(size_t step = InflatedWindow::kStep, InflateAhead* ahead = nullptr)
      : step_(step), ahead_(ahead) {}

  // Null: there is no memory.
  std::unique_ptr<InflatedWindow> take() {
    if (idle_count_ > 0) return std::move(idle_[--idle_count_]);
    return std::unique_ptr<InflatedWindow>(
        new (std::nothrow) InflatedWindow(states_, taken_and_idle_, step_, ahead_));
  }
  // The one that was used last is the first to be taken: it is in the cache.
  void give_back(std::unique_ptr<InflatedWindow> window) {
    window->close();
    if (idle_count_ == kMostIdle || window->memory_bytes() > kMostIdleBytes) return;
    idle_[idle_count_++] = std::move(window);
  }

  // Of all its windows, taken or not, with what is inflated ahead and the states of the codecs.
  // From any thread.
  size_t memory_bytes() const {
    return taken_and_idle_.load(std::memory_order_relaxed) + states_.bytes();
  }

 private:
  // As one partition ends a batch another begins one; a few at once are what varies.
  static constexpr size_t kMostIdle = 8;
  static constexpr size_t kMostIdleBytes = 1024 * 1024;  // of one

  const size_t step_;
  InflateAhead* const ahead_;
  InflateStates states_;
  std::atomic<size_t> taken_and_idle_{0};
  std::array<std::unique_ptr<InflatedWindow>, kMostIdle> idle_;
  size_t idle_count_ = 0;
};

}  // namespace tidemark
