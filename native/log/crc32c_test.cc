#include "log/crc32c.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tidemark {
namespace {

// The vectors of RFC 3720, B.4, and the check value of the catalogue of checksums.
TEST(Crc32c, HasThePublishedValues) {
  std::vector<uint8_t> zeros(32, 0), ones(32, 0xff), rising, falling;
  for (uint8_t i = 0; i < 32; ++i) {
    rising.push_back(i);
    falling.push_back(static_cast<uint8_t>(31 - i));
  }
  const std::string digits = "123456789";
  const auto* const text = reinterpret_cast<const uint8_t*>(digits.data());
  for (const auto sum : {crc32c, crc32c_by_table}) {
    EXPECT_EQ(sum(zeros.data(), 32, 0), 0x8a9136aau);
    EXPECT_EQ(sum(ones.data(), 32, 0), 0x62a8ab43u);
    EXPECT_EQ(sum(rising.data(), 32, 0), 0x46dd794eu);
    EXPECT_EQ(sum(falling.data(), 32, 0), 0x113fdb5cu);
    EXPECT_EQ(sum(text, digits.size(), 0), 0xe3069283u);
    EXPECT_EQ(sum(nullptr, 0, 0), 0u);
  }
}

TEST(Crc32c, OfPartsIsThatOfTheWholeAtEveryLengthAndAlignment) {
  std::vector<uint8_t> bytes(100);
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<uint8_t>(i * 37 + 11);
  for (size_t from = 0; from < 9; ++from) {
    for (size_t size = 0; from + size <= bytes.size(); ++size) {
      const uint32_t whole = crc32c(&bytes[from], size);
      EXPECT_EQ(whole, crc32c_by_table(&bytes[from], size));
      const uint32_t half = crc32c(&bytes[from], size / 2);
      EXPECT_EQ(whole, crc32c(&bytes[from] + size / 2, size - size / 2, half));
    }
  }
}

}  // namespace
}  // namespace tidemark
