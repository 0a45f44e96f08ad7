#include "columns/slab_pool.h"

#include <new>
#include <utility>

namespace tidemark {

SlabPool::SlabPool(size_t max_free, size_t max_bytes) : max_free_(max_free), max_bytes_(max_bytes) {
  free_.reserve(max_free);
}

std::unique_ptr<Slab> SlabPool::take() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<Slab> slab = std::move(free_.back());
      free_.pop_back();
      bytes_ -= slab->bytes();
      return slab;
    }
  }
  return std::unique_ptr<Slab>(new (std::nothrow) Slab);
}

void SlabPool::give_back(std::unique_ptr<Slab> slab) {
  if (slab == nullptr) return;
  slab->clear();
  const size_t bytes = slab->bytes();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_closed_ || free_.size() == max_free_ || bytes_ + bytes > max_bytes_) return;
  bytes_ += bytes;
  free_.push_back(std::move(slab));
}

void SlabPool::close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  is_closed_ = true;
  bytes_ = 0;
  free_.clear();
}

SlabMemory SlabPool::memory() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {handed_out_, bytes_};
}

}  // namespace tidemark
