#include "log/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif
#endif

namespace tidemark {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // bits reversed

using Tables = std::array<std::array<uint32_t, 256>, 8>;

// Table k has the checksums of a byte that k zero bytes follow: eight bytes are one step.
constexpr Tables make_tables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < tables.size(); ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t previous = tables[k - 1][byte];
      tables[k][byte] = (previous >> 8) ^ tables[0][previous & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

uint64_t load64(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

#if defined(__x86_64__)
// Not __builtin_cpu_supports: its table is in a library of the compiler's that zig has not got.
bool processor_helps() {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_SSE4_2) != 0;
}

__attribute__((target("sse4.2,crc32"))) uint32_t by_processor(const uint8_t* bytes, size_t size,
                                                              uint32_t before) {
  uint64_t crc = ~before;
  for (; size >= 8; bytes += 8, size -= 8)
    crc = __builtin_ia32_crc32di(crc, load64(bytes));
  uint32_t last = static_cast<uint32_t>(crc);
  for (; size > 0; ++bytes, --size)
    last = __builtin_ia32_crc32qi(last, *bytes);
  return ~last;
}
#elif defined(__aarch64__)
bool processor_helps() {
#ifdef __linux__
  return (getauxval(AT_HWCAP) & (1 << 7)) != 0;  // HWCAP_CRC32
#else
  return true;  // every arm64 Mac has it
#endif
}

__attribute__((target("+crc"))) uint32_t by_processor(const uint8_t* bytes, size_t size,
                                                      uint32_t before) {
  uint32_t crc = ~before;
  for (; size >= 8; bytes += 8, size -= 8)
    crc = __crc32cd(crc, load64(bytes));
  for (; size > 0; ++bytes, --size)
    crc = __crc32cb(crc, *bytes);
  return ~crc;
}
#else
bool processor_helps() { return false; }
uint32_t by_processor(const uint8_t*, size_t, uint32_t before) { return before; }
#endif

}  // namespace

uint32_t crc32c_by_table(const uint8_t* bytes, size_t size, uint32_t before) {
  uint32_t crc = ~before;
  for (; size >= 8; bytes += 8, size -= 8) {
    uint64_t word = 0;
    for (size_t i = 0; i < 8; ++i)
      word |= static_cast<uint64_t>(bytes[i]) << (8 * i);
    word ^= crc;
    crc = 0;
    for (size_t i = 0; i < 8; ++i)
      crc ^= kTables[7 - i][(word >> (8 * i)) & 0xff];
  }
  for (; size > 0; ++bytes, --size)
    crc = (crc >> 8) ^ kTables[0][(crc ^ *bytes) & 0xff];
  return ~crc;
}

uint32_t crc32c(const uint8_t* bytes, size_t size, uint32_t before) {
  static const bool helps = processor_helps();
  return helps ? by_processor(bytes, size, before) : crc32c_by_table(bytes, size, before);
}

}  // namespace tidemark
