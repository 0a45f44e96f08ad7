// RowDigest: a sum over rows in their order: whatever batches they come in, two runs of the same
// rows have the same one, and those of parts can be joined. docs/resume.md has it in words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "log/record.h"

namespace tidemark {

class RowDigest {
 public:
  // The sums are residues of it.
  static constexpr uint64_t kModulus = (uint64_t{1} << 61) - 1;

  // What all rows of a partition are hashed with.
  static uint64_t seed_of(const std::string& topic, int32_t partition) {
    uint64_t key = kKeys[3];
    return mix(topic.size() ^ kKeys[1], static_cast<uint32_t>(partition) ^ kKeys[2]) +
           sum_of(kKeys[0], &key, reinterpret_cast<const uint8_t*>(topic.data()), topic.size());
  }

  void add(uint64_t seed, const Record* records, size_t count) {
    for (size_t i = 0; i < count; ++i)
      add(hash_of(seed, records[i]));
  }

  uint64_t rows() const { return rows_; }
  uint64_t first() const { return first_; }
  uint64_t second() const { return second_; }

 private:
  // Of pi.
  static constexpr uint64_t kKeys[] = {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0,
                                       0x082efa98ec4e6c89};
  static constexpr uint64_t kFirstBase = 0x452821e638d01377 % kModulus;
  static constexpr uint64_t kSecondBase = 0xbe5466cf34e90c6c % kModulus;

  static uint64_t mix(uint64_t a, uint64_t b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  template <typename Word>
  static uint64_t load(const uint8_t* bytes) {
    Word word;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  }

  // Of 16 bytes at a time, the last ones filled up with zeros, each with a key of its own. No
  // product waits for another one: one after the other they took most of the time.
  static uint64_t sum_of(uint64_t seed, uint64_t* key, const uint8_t* bytes, size_t size) {
    const uint8_t* const end = bytes + size;
    uint64_t sum = 0;
    for (; end - bytes >= 16; bytes += 16, *key += kKeys[1])
      sum += mix(load<uint64_t>(bytes) ^ *key, load<uint64_t>(bytes + 8) ^ seed);
    const auto left = static_cast<unsigned>(end - bytes);
    if (left == 0) return sum;
    uint64_t low = 0, high = 0;
    if (left >= 8) {
      low = load<uint64_t>(bytes);
      if (left > 8) high = load<uint64_t>(end - 8) >> (8 * (16 - left));
    } else if (left >= 4) {
      low = load<uint32_t>(bytes) | load<uint32_t>(end - 4) >> (8 * (8 - left)) << 32;
    } else {
      low = bytes[0] | uint64_t{bytes[left / 2]} << (8 * (left / 2)) |
            uint64_t{bytes[left - 1]} << (8 * (left - 1));
    }
    sum += mix(low ^ *key, high ^ seed);
    *key += kKeys[1];
    return sum;
  }

  static uint64_t hash_of(uint64_t seed, const Record& record) {
    const auto u = [](int64_t number) { return static_cast<uint64_t>(number); };
    const uint64_t sizes = uint64_t{static_cast<uint32_t>(record.key_size)} << 32 |
                           static_cast<uint32_t>(record.value_size);
    uint64_t key = kKeys[3];
    uint64_t sum = mix(u(record.offset) ^ kKeys[0], u(record.timestamp) ^ seed) +
                   mix(sizes ^ kKeys[1], seed ^ kKeys[2]);
    if (record.key_size > 0)
      sum += sum_of(seed, &key, record.key, static_cast<size_t>(record.key_size));
    if (record.value_size > 0)
      sum += sum_of(seed, &key, record.value, static_cast<size_t>(record.value_size));
    return sum;
  }

  static uint64_t reduced(uint64_t number) {
    const uint64_t folded = (number & kModulus) + (number >> 61);
    return folded >= kModulus ? folded - kModulus : folded;
  }

  static uint64_t times(uint64_t a, uint64_t b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
    return reduced((static_cast<uint64_t>(product) & kModulus) +
                   static_cast<uint64_t>(product >> 61));
  }

  void add(uint64_t hash) {
    const uint64_t row = reduced(hash);
    first_ = reduced(times(first_, kFirstBase) + row);
    second_ = reduced(times(second_, kSecondBase) + row);
    ++rows_;
  }

  uint64_t rows_ = 0;
  uint64_t first_ = 0;
  uint64_t second_ = 0;
};

}  // namespace tidemark
