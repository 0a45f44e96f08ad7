// BitStream: numbers of no fixed size, bit by bit, the highest bit of a byte first.
//
// A number has a shift: that many of its low bits stand as they are, behind the rest of it, which
// says itself how long it is. With the shift that suits most numbers of a list, each takes about as
// many bits as it has, and a far larger one among them costs itself alone. Offsets take an eighth
// less than as varints, and merge keys half.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tidemark {

constexpr int kMostShift = 63;

inline int bit_length(uint64_t value) { return value == 0 ? 0 : 64 - __builtin_clzll(value); }

// What a number of `length` bits takes.
constexpr int bits_of(int length, int shift) {
  const int rest = length > shift ? length - shift : 0;
  return shift + 1 + rest + (rest > 0 ? rest - 1 : 0);
}

// The smallest shift with which all of `values` take the fewest bits.
inline int best_shift(const std::vector<uint64_t>& values) {
  std::array<size_t, 65> count{};
  int longest = 0;
  for (const uint64_t value : values) {
    ++count[static_cast<size_t>(bit_length(value))];
    longest = std::max(longest, bit_length(value));
  }
  int best = 0;
  size_t fewest = SIZE_MAX;
  for (int shift = 0; shift <= std::min(longest, kMostShift); ++shift) {
    size_t bits = 0;
    for (int length = 0; length <= longest; ++length)
      bits += count[static_cast<size_t>(length)] * static_cast<size_t>(bits_of(length, shift));
    if (bits >= fewest) continue;
    fewest = bits;
    best = shift;
  }
  return best;
}

class BitWriter {
 public:
  // Appends to `out`. What is missing of the last byte is zeros.
  explicit BitWriter(std::string& out) : out_(out) {}

  void write(uint64_t value, int shift) {
    const uint64_t rest = value >> shift;
    const int length = bit_length(rest);
    for (int i = 0; i < length; ++i)
      put(1, 1);
    put(0, 1);
    if (length > 1) put(rest, length - 1);  // the highest bit is one, and not written
    put(value, shift);
  }

 private:
  // The low `count` bits.
  void put(uint64_t bits, int count) {
    while (count > 0) {
      if (free_ == 0) {
        out_.push_back(0);
        free_ = 8;
      }
      const int now = count < free_ ? count : free_;
      const auto part = static_cast<unsigned>((bits >> (count - now)) & ((1U << now) - 1));
      out_.back() = static_cast<char>(static_cast<uint8_t>(out_.back()) | part << (free_ - now));
      free_ -= now;
      count -= now;
    }
  }

  std::string& out_;
  int free_ = 0;  // bits of the last byte
};

class BitReader {
 public:
  BitReader(const uint8_t* begin, const uint8_t* end) : cursor_(begin), end_(end) {}

  // False: it runs past the end, or is none. From then on nothing more is to be read.
  bool read(int shift, uint64_t* value) {
    int length = 0;
    uint64_t bit = 0;
    while (get(1, &bit) && bit == 1)
      if (++length > 64 - shift) return false;
    uint64_t rest = 0, low = 0;
    if (is_over_ || (length > 1 && !get(length - 1, &rest)) || !get(shift, &low)) return false;
    if (length > 0) rest |= uint64_t{1} << (length - 1);
    *value = (rest << shift) | low;
    return true;
  }
  // Nothing is left but what is missing of the last byte.
  bool is_at_end() const { return cursor_ == end_; }

 private:
  bool get(int count, uint64_t* bits) {
    *bits = 0;
    while (count > 0) {
      if (left_ == 0) {
        if (cursor_ == end_) {
          is_over_ = true;
          return false;
        }
        byte_ = *cursor_++;
        left_ = 8;
      }
      const int now = count < left_ ? count : left_;
      *bits = (*bits << now) | ((byte_ >> (left_ - now)) & ((1U << now) - 1));
      left_ -= now;
      count -= now;
    }
    return true;
  }

  const uint8_t* cursor_;
  const uint8_t* const end_;
  unsigned byte_ = 0;
  int left_ = 0;  // bits of byte_
  bool is_over_ = false;
};

}  // namespace tidemark
