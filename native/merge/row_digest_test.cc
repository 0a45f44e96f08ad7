#include "merge/row_digest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tidemark::testing {
namespace {

constexpr int64_t kTime = 1'700'000'000'000;

struct Row {
  int32_t partition;
  int64_t offset, timestamp;
  bool has_key;
  std::string key;
  bool has_value;
  std::string value;
};

void add(RowDigest& digest, const Row& row) {
  Record record{};
  record.offset = row.offset;
  record.timestamp = row.timestamp;
  record.key = reinterpret_cast<const uint8_t*>(row.key.data());
  record.value = reinterpret_cast<const uint8_t*>(row.value.data());
  record.key_size = row.has_key ? static_cast<int32_t>(row.key.size()) : -1;
  record.value_size = row.has_value ? static_cast<int32_t>(row.value.size()) : -1;
  digest.add(RowDigest::seed_of("trades", row.partition), &record, 1);
}

// Those of test/behaviour/digest.test.ts, where they are reckoned plainly.
TEST(RowDigest, HasTheValuesThatArePublished) {
  RowDigest one;
  add(one, {0, 0, kTime, true, "k", true, "value"});
  EXPECT_EQ(one.rows(), 1u);
  EXPECT_EQ(one.first(), 0x15533bc9ea8eb3a9u);
  EXPECT_EQ(one.second(), 0x15533bc9ea8eb3a9u);

  RowDigest many;
  for (int i = 0; i < 20; ++i) {
    std::string value;
    for (int byte = 0; byte < 3 * i; ++byte)
      value.push_back(static_cast<char>(byte));
    const int64_t timestamp = i == 4 ? kNoTimestamp : kTime + i - (i == 7 ? 50 : 0);
    add(many, {i % 3, i / 3, timestamp, i % 2 == 0, std::string(static_cast<size_t>(i), 'k'),
               i != 5, value});
  }
  EXPECT_EQ(many.rows(), 20u);
  EXPECT_EQ(many.first(), 0x057566746a347c7au);
  EXPECT_EQ(many.second(), 0x0583f474a1cc6813u);
}

}  // namespace
}  // namespace tidemark::testing
