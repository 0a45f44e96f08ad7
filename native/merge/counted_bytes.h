// CountedBytes: a part of a sum of bytes that any thread may read.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace tidemark {

class CountedBytes {
 public:
  // `sum` outlives it.
  explicit CountedBytes(std::atomic<size_t>& sum) : sum_(sum) {}
  ~CountedBytes() { set(0); }
  CountedBytes(const CountedBytes&) = delete;
  CountedBytes& operator=(const CountedBytes&) = delete;

  // By one thread at a time.
  void set(size_t bytes) {
    sum_.fetch_add(bytes - std::exchange(bytes_, bytes), std::memory_order_relaxed);
  }

 private:
  std::atomic<size_t>& sum_;
  size_t bytes_ = 0;
};

}  // namespace tidemark
