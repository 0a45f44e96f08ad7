// prefetch: asks for the bytes of a record before they are read. A hint only: an address past the
// end of the data does no harm.
#pragma once

#include <cstdint>

namespace tidemark {

// Two cache lines, in which most small records end, from `ahead` bytes behind `data` on.
inline void prefetch(const uint8_t* data, uintptr_t ahead = 0) {
  constexpr uintptr_t kCacheLine = 64;
  const uintptr_t address = reinterpret_cast<uintptr_t>(data) + ahead;
  __builtin_prefetch(reinterpret_cast<const void*>(address));
  __builtin_prefetch(reinterpret_cast<const void*>(address + kCacheLine));
}

}  // namespace tidemark
