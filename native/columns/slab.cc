#include "columns/slab.h"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace tidemark {

namespace {

void write_head_of(const Slab& slab, const SlabSpan* spans, uint8_t* to) {
  const SlabHead head{static_cast<uint32_t>(slab.rows), static_cast<uint32_t>(slab.spans.size()),
                      static_cast<uint32_t>(slab.null_counts.size()), slab.unsafe_timestamps};
  std::memcpy(to, &head, sizeof(head));
  to += sizeof(head);
  const size_t bytes = slab.spans.size() * sizeof(SlabSpan);
  std::memcpy(to, spans, bytes);
  std::memcpy(to + bytes, slab.null_counts.data(), slab.null_counts.size() * sizeof(uint32_t));
}

}  // namespace

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

size_t Slab::bytes() const {
  size_t bytes = 0;
  for (const SlabBuffer& buffer : memory)
    bytes += buffer.capacity();
  return bytes;
}

void Slab::clear() {
  rows = 0;
  unsafe_timestamps = 0;
  spans.clear();
  null_counts.clear();
}

size_t Slab::used_bytes(size_t index) const {
  if (index == 0) return memory[0].capacity();
  size_t bytes = 0;
  for (const SlabSpan& span : spans) {
    if (span.memory == index) bytes = span.at + span.bytes;
  }
  return bytes;
}

size_t Slab::copied_bytes() const {
  size_t bytes = aligned(SlabHead::bytes(spans.size(), null_counts.size()));
  for (const SlabSpan& span : spans)
    bytes += aligned(span.bytes);
  return bytes;
}

void Slab::copy_to(uint8_t* target) const {
  std::vector<SlabSpan> copied;
  copied.reserve(spans.size());
  size_t at = aligned(SlabHead::bytes(spans.size(), null_counts.size()));
  for (const SlabSpan& span : spans) {
    if (span.bytes > 0) std::memcpy(target + at, memory[span.memory].data() + span.at, span.bytes);
    copied.push_back({0, static_cast<uint32_t>(at), span.bytes});
    at += aligned(span.bytes);
  }
  write_head_of(*this, copied.data(), target);
}

void Slab::write_head() { write_head_of(*this, spans.data(), memory[0].data()); }

}  // namespace tidemark
