// HeldBatches: the record batches of one partition that were fetched and not yet used up, in
// offset order. A ring that only grows, so that nothing is allocated per record batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "log/batch_owner.h"
#include "log/record_batch.h"

namespace tidemark {

struct HeldBatch {
  RecordBatch batch{};
  int64_t first_offset = 0;  // records below it were asked for by nobody, or came before
  BatchOwner owner{nullptr, nullptr};
  size_t bytes = 0;  // what the owner's op costs in memory
};

class HeldBatches {
 public:
  bool empty() const { return size_ == 0; }
  HeldBatch& front() { return ring_[first_]; }
  HeldBatch& back() { return ring_[(first_ + size_ - 1) & (capacity_ - 1)]; }

  bool push(HeldBatch&& held);  // false when there is no memory; `held` is untouched then
  void pop();                   // lets the owner go

 private:
  bool grow();

  std::unique_ptr<HeldBatch[]> ring_;
  size_t capacity_ = 0;  // a power of two
  size_t first_ = 0;
  size_t size_ = 0;
};

}  // namespace tidemark
