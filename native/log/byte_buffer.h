// ByteBuffer: bytes that grow without being set to zero first, and stay when they are used again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace tidemark {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  ~ByteBuffer() { std::free(bytes_); }
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;

  uint8_t* data() { return bytes_; }
  const uint8_t* data() const { return bytes_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  size_t room() const { return capacity_ - size_; }
  uint8_t* end() { return bytes_ + size_; }

  // Room for `bytes` behind what is there. False: there is no memory, and nothing has changed.
  bool make_room(size_t bytes) {
    if (room() >= bytes) return true;
    const size_t capacity = std::max(size_ + bytes, capacity_ + capacity_ / 2);
    void* const moved = std::realloc(bytes_, capacity);
    if (moved == nullptr) return false;
    bytes_ = static_cast<uint8_t*>(moved);
    capacity_ = capacity;
    return true;
  }
  // `bytes` of the room are filled now.
  void grow(size_t bytes) { size_ += bytes; }
  void truncate(size_t size) { size_ = size; }
  void clear() { size_ = 0; }
  void swap(ByteBuffer& other) {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  uint8_t* bytes_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace tidemark
