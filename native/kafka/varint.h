// Varint: the variable-length integers of Kafka's v2 records (zigzag, 7 bits a byte, low first).
#pragma once

#include <cstdint>

namespace tidemark {

inline int64_t unzigzag(uint64_t raw) { return static_cast<int64_t>((raw >> 1) ^ (0 - (raw & 1))); }

// read_varint for any length.
__attribute__((noinline)) inline const uint8_t* read_long_varint(const uint8_t* cursor,
                                                                 const uint8_t* end,
                                                                 int64_t* value) {
  uint64_t raw = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (cursor >= end) return nullptr;
    const uint64_t byte = *cursor++;
    if (shift == 63 && byte > 1) return nullptr;
    raw |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = unzigzag(raw);
      return cursor;
    }
  }
  return nullptr;
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
  if (end - cursor < 3) return read_long_varint(cursor, end, value);
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
  return read_long_varint(cursor, end, value);
}

}  // namespace tidemark
