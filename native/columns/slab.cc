#include "columns/slab.h"

#include <cstdlib>
#include <utility>

namespace tidemark {

SlabLayout::SlabLayout(size_t row_capacity) : bytes(0) {
  const auto place = [this](size_t size) {
    constexpr size_t kAlignment = 64;
    const size_t at = bytes;
    bytes += (size + kAlignment - 1) / kAlignment * kAlignment;
    return at;
  };
  const size_t bitmap = (row_capacity + 7) / 8;
  head = place(sizeof(SlabHead));
  offset = place(row_capacity * sizeof(int64_t));
  timestamp = place(row_capacity * sizeof(int64_t));
  topic = place(row_capacity * sizeof(int32_t));
  partition = place(row_capacity * sizeof(int32_t));
  key_offsets = place((row_capacity + 1) * sizeof(int32_t));
  value_offsets = place((row_capacity + 1) * sizeof(int32_t));
  key_validity = place(bitmap);
  value_validity = place(bitmap);
  timestamp_validity = place(bitmap);
}

SlabHead::SlabHead(const Slab& slab, const SlabLayout& layout, size_t first_key,
                   size_t first_value) {
#define TIDEMARK_ASSIGN(name, from) name = static_cast<uint32_t>(from);
  TIDEMARK_SLAB_HEAD(TIDEMARK_ASSIGN)
#undef TIDEMARK_ASSIGN
}

SlabBuffer::SlabBuffer(SlabBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {}

SlabBuffer& SlabBuffer::operator=(SlabBuffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

SlabBuffer::~SlabBuffer() { std::free(data_); }

bool SlabBuffer::reserve(size_t capacity) {
  if (capacity <= capacity_) return true;
  void* const data = std::realloc(data_, capacity);
  if (data == nullptr) return false;
  data_ = static_cast<uint8_t*>(data);
  capacity_ = capacity;
  return true;
}

size_t Slab::bytes() const { return fixed.capacity() + keys.capacity() + values.capacity(); }

void Slab::clear() {
  rows = key_bytes = value_bytes = 0;
  key_nulls = value_nulls = timestamp_nulls = unsafe_timestamps = 0;
}

}  // namespace tidemark
