#include "merge/held_batches.h"

#include <new>
#include <utility>

namespace tidemark {

bool HeldBatches::push(HeldBatch&& held) {
  if (size_ == capacity_ && !grow()) return false;
  ++size_;
  back() = std::move(held);
  return true;
}

void HeldBatches::pop() {
  front() = HeldBatch();
  first_ = (first_ + 1) & (capacity_ - 1);
  --size_;
}

bool HeldBatches::grow() {
  const size_t capacity = capacity_ == 0 ? 4 : 2 * capacity_;
  std::unique_ptr<HeldBatch[]> ring(new (std::nothrow) HeldBatch[capacity]);
  if (ring == nullptr) return false;
  for (size_t i = 0; i < size_; ++i) {
    ring[i] = std::move(ring_[(first_ + i) & (capacity_ - 1)]);
  }
  ring_ = std::move(ring);
  capacity_ = capacity;
  first_ = 0;
  return true;
}

}  // namespace tidemark
