// crc32c: the checksum of v2 record batches (Castagnoli), by the processor where it can.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tidemark {

// Of `size` bytes; `before` is the checksum of those in front of them.
uint32_t crc32c(const uint8_t* bytes, size_t size, uint32_t before = 0);

// The same without the processor's help. For tests: where it helps, nothing else calls this.
uint32_t crc32c_by_table(const uint8_t* bytes, size_t size, uint32_t before = 0);

}  // namespace tidemark
