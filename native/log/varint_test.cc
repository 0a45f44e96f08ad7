#include "log/varint.h"

#include <gtest/gtest.h>

#include <limits>

#include "test_support/record_batch_writer.h"

namespace tidemark::testing {
namespace {

TEST(Varint, ReadsBackWhatWasWritten) {
  std::vector<int64_t> values = {0, -1, 1, 63, -64, 64, -65, 8191, -8192, 8192};
  for (int shift = 0; shift < 63; ++shift) {
    values.push_back(int64_t{1} << shift);
    values.push_back(-(int64_t{1} << shift));
  }
  values.push_back(std::numeric_limits<int64_t>::max());
  values.push_back(std::numeric_limits<int64_t>::min());
  for (const int64_t value : values) {
    Bytes bytes;
    write_varint(bytes, value);
    Bytes written(10);
    written.resize(
        static_cast<size_t>(tidemark::write_varint(written.data(), value) - written.data()));
    EXPECT_EQ(written, bytes) << value;
    const uint8_t* const end = bytes.data() + bytes.size();
    int64_t read;
    ASSERT_EQ(read_varint(bytes.data(), end, &read), end) << value;
    EXPECT_EQ(read, value);
    for (const uint8_t* cut = bytes.data(); cut < end; ++cut) {
      EXPECT_EQ(read_varint(bytes.data(), cut, &read), nullptr) << value;
    }
  }
}

TEST(Varint, RefusesMoreThan64Bits) {
  int64_t read;
  Bytes bytes(9, 0xff);
  bytes.push_back(0x02);  // the 65th bit
  EXPECT_EQ(read_varint(bytes.data(), bytes.data() + bytes.size(), &read), nullptr);
  bytes.back() = 0x81;  // an eleventh byte follows
  bytes.push_back(0x00);
  EXPECT_EQ(read_varint(bytes.data(), bytes.data() + bytes.size(), &read), nullptr);
}

}  // namespace
}  // namespace tidemark::testing
