// Dice: what a test leaves to chance. From a seed, the same on every machine and standard library;
// or from bytes, so that a fuzzer decides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tidemark::testing {

class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  // Every throw takes bytes as long as there are some, behind them always the same random numbers.
  // The bytes must outlive the dice.
  Dice(const uint8_t* bytes, size_t size) : Dice(size) {
    next_byte_ = bytes;
    bytes_end_ = bytes + size;
  }

  uint64_t operator()() { return has_bytes() ? take_bytes(8) : random(); }
  int64_t below(int64_t limit) {
    const auto faces = static_cast<uint64_t>(limit);
    if (!has_bytes()) return static_cast<int64_t>(random() % faces);
    // No more bytes than it takes: an input of a fuzzer is short, and each of them should count.
    return static_cast<int64_t>(take_bytes(faces <= 1 << 8 ? 1 : faces <= 1 << 16 ? 2 : 8) % faces);
  }
  bool one_in(int64_t n) { return below(n) == 0; }
  // The bytes that no throw has taken.
  std::vector<uint8_t> take_rest() {
    return std::vector<uint8_t>(std::exchange(next_byte_, bytes_end_), bytes_end_);
  }

 private:
  bool has_bytes() const { return next_byte_ != bytes_end_; }
  uint64_t take_bytes(int count) {
    uint64_t taken = 0;
    for (; count > 0 && next_byte_ != bytes_end_; --count) {
      taken = taken << 8 | *next_byte_++;
    }
    return taken;
  }
  uint64_t random() {  // splitmix64
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t state_;
  const uint8_t* next_byte_ = nullptr;
  const uint8_t* bytes_end_ = nullptr;
};

}  // namespace tidemark::testing
