// Varint: the variable-length integers of Kafka's v2 records (zigzag, 7 bits a byte, low first).
#pragma once

#include <cstdint>

namespace tidemark {

constexpr uint64_t kLongestVarint = 10;  // bytes; one that is cut off has fewer

inline int64_t unzigzag(uint64_t raw) { return static_cast<int64_t>((raw >> 1) ^ (0 - (raw & 1))); }

struct LongVarint {
  const uint8_t* behind;  // nullptr: see read_varint
  int64_t value;
};

// read_varint for any length. It returns its value: to be given an address to put it at would keep
// all values of read_varint's callers out of the registers.
__attribute__((noinline)) inline LongVarint read_long_varint(const uint8_t* cursor,
                                                             const uint8_t* end) {
  uint64_t raw = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (cursor >= end) return {nullptr, 0};
    const uint64_t byte = *cursor++;
    if (shift == 63 && byte > 1) return {nullptr, 0};
    raw |= (byte & 0x7f) << shift;
    if (byte < 0x80) return {cursor, unzigzag(raw)};
  }
  return {nullptr, 0};
}

// Reads one zigzag varint from [cursor, end). Returns the byte behind it, or nullptr when it runs
// past `end` or does not fit 64 bits (more than 10 bytes, or bits beyond the 64th). Most have one
// to three bytes: those are read by straight code, inlined six times a record.
__attribute__((always_inline)) inline const uint8_t* read_varint(const uint8_t* cursor,
                                                                 const uint8_t* end,
                                                                 int64_t* value) {
  if (cursor >= end) return nullptr;
  uint64_t raw = cursor[0];
  if (raw < 0x80) {
    *value = unzigzag(raw);
    return cursor + 1;
  }
  if (end - cursor >= 3) {
    raw += (static_cast<uint64_t>(cursor[1]) << 7) - 0x80;
    if (cursor[1] < 0x80) {
      *value = unzigzag(raw);
      return cursor + 2;
    }
    raw += (static_cast<uint64_t>(cursor[2]) << 14) - (0x80 << 7);
    if (cursor[2] < 0x80) {
      *value = unzigzag(raw);
      return cursor + 3;
    }
  }
  const LongVarint varint = read_long_varint(cursor, end);
  *value = varint.value;
  return varint.behind;
}

}  // namespace tidemark
