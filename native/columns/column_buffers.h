// What a column writer is made of: the kinds of buffer that a column has.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "columns/column_writer.h"

namespace tidemark {

// A buffer of one number a row.
template <typename Number>
class Numbers {
 public:
  void place(SlabLayout& layout, size_t more = 0) {
    at_ = layout.place((layout.max_rows() + more) * sizeof(Number));
  }
  void open(Slab& slab) { data_ = reinterpret_cast<Number*>(slab.memory[0].data() + at_); }
  Number* data() const { return data_; }
  SlabSpan span(size_t count) const {
    return {0, static_cast<uint32_t>(at_), static_cast<uint32_t>(count * sizeof(Number))};
  }

 private:
  size_t at_ = 0;
  Number* data_ = nullptr;
};

// The validity bitmap, least significant bit first. It is written from the first null on; without
// any it is empty.
class Validity {
 public:
  void place(SlabLayout& layout) {
    bytes_ = (layout.max_rows() + 7) / 8;
    at_ = layout.place(bytes_);
  }
  void open(Slab& slab) {
    data_ = slab.memory[0].data() + at_;
    nulls_ = 0;
  }
  // Rare, and kept out of the loop over the records.
  __attribute__((noinline)) void set_null(size_t row) {
    if (nulls_++ == 0) std::memset(data_, 0xff, bytes_);
    data_[row / 8] &= static_cast<uint8_t>(~(1u << (row % 8)));
  }
  uint32_t nulls() const { return nulls_; }
  SlabSpan span(size_t rows) const {
    return {0, static_cast<uint32_t>(at_), nulls_ == 0 ? 0 : static_cast<uint32_t>((rows + 7) / 8)};
  }

 private:
  size_t at_ = 0;
  size_t bytes_ = 0;
  uint8_t* data_ = nullptr;
  uint32_t nulls_ = 0;
};

// The bytes of a column of variable width.
class Bytes {
 public:
  void place(SlabLayout& layout) { memory_ = layout.place_growing(); }
  void open(Slab& slab) {
    buffer_ = &slab.memory[memory_];
    data_ = buffer_->data();
    size_ = 0;
  }
  // Grows by half more than asked for (see SlabBuilder::most_slab_bytes), so that a slab's bytes
  // are moved a few times at most.
  bool reserve(size_t bytes, size_t limit) {
    const size_t needed = size_ + bytes;
    const size_t wanted = std::min(size_ + std::max(bytes, kRoom), limit);
    if (std::max(needed, wanted) <= buffer_->capacity()) return true;
    const size_t roomy = std::min(std::max(wanted + wanted / 2, 2 * kRoom), limit);
    const bool done = buffer_->reserve(std::max(needed, roomy)) || buffer_->reserve(needed);
    data_ = buffer_->data();
    return done;
  }
  size_t room() const { return buffer_->capacity() - size_; }
  size_t size() const { return size_; }
  uint8_t* end() const { return data_ + size_; }
  void add(size_t bytes) { size_ += bytes; }
  SlabSpan span() const { return {memory_, 0, static_cast<uint32_t>(size_)}; }

  // So that room is made for many records at once.
  static constexpr size_t kRoom = 32 * 1024;

 private:
  uint32_t memory_ = 0;
  SlabBuffer* buffer_ = nullptr;
  uint8_t* data_ = nullptr;  // the buffer's
  size_t size_ = 0;
};

}  // namespace tidemark
