// Varint: the variable-length integers of Kafka's v2 records (zigzag, 7 bits a byte, low first).
#pragma once

#include <cstdint>

namespace tidemark {

// Reads one zigzag varint from [cursor, end). Returns the byte behind it, or nullptr when it runs
// past `end` or does not fit 64 bits (more than 10 bytes, or bits beyond the 64th).
inline const uint8_t* read_varint(const uint8_t* cursor, const uint8_t* end, int64_t* value) {
  uint64_t raw = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (cursor >= end) return nullptr;
    const uint64_t byte = *cursor++;
    if (shift == 63 && byte > 1) return nullptr;
    raw |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = static_cast<int64_t>((raw >> 1) ^ (0 - (raw & 1)));
      return cursor;
    }
  }
  return nullptr;
}

}  // namespace tidemark
