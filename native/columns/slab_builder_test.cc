#include "columns/slab_builder.h"

#include <gtest/gtest.h>

#include <string>

#include "test_support/slab_reader.h"

namespace tidemark::testing {
namespace {

Record record(int64_t offset, int64_t timestamp, const char* key, const std::string& value) {
  Record record{};
  record.offset = offset;
  record.timestamp = timestamp;
  record.key = reinterpret_cast<const uint8_t*>(key);
  record.key_size = key == nullptr ? -1 : static_cast<int32_t>(std::string(key).size());
  record.value = reinterpret_cast<const uint8_t*>(value.data());
  record.value_size = static_cast<int32_t>(value.size());
  return record;
}

TEST(SlabBuilder, WritesColumnsAndNulls) {
  SlabBuilder builder(record_columns(), 20, 1000);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  const std::string value = "value";
  const std::string empty;
  std::vector<Record> records = {record(5, 100, "key", value), record(6, kNoTimestamp, "", empty),
                                 record(9, -7, nullptr, value)};
  records.push_back(records[0]);
  records[3].value_size = -1;
  EXPECT_EQ(builder.append({2, 11, 0}, records.data(), 1), 1u);
  EXPECT_EQ(builder.append({3, 12, 0}, records.data() + 1, 3), 3u);
  EXPECT_EQ(builder.rows(), 4u);
  const std::unique_ptr<Slab> slab = builder.finish();
  EXPECT_FALSE(builder.is_open());
  EXPECT_EQ(slab->null_counts[0], 1u);
  EXPECT_EQ(slab->null_counts[1], 1u);
  EXPECT_EQ(slab->null_counts[5], 1u);

  const std::vector<SlabRow> rows = read_slab(*slab);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].topic, 2);
  EXPECT_EQ(rows[0].partition, 11);
  EXPECT_EQ(rows[0].offset, 5);
  EXPECT_EQ(rows[0].timestamp, 100);
  EXPECT_EQ(rows[0].key, "key");
  EXPECT_EQ(rows[0].value, "value");
  EXPECT_EQ(rows[1].topic, 3);
  EXPECT_EQ(rows[1].timestamp, std::nullopt);
  EXPECT_EQ(rows[1].key, "");
  EXPECT_EQ(rows[1].value, "");
  EXPECT_EQ(rows[2].timestamp, -7);
  EXPECT_EQ(rows[2].key, std::nullopt);
  EXPECT_EQ(rows[3].partition, 12);
  EXPECT_EQ(rows[3].value, std::nullopt);
}

TEST(SlabBuilder, TakesNoMoreThanItsRows) {
  SlabBuilder builder(record_columns(), 3, 1000);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  const std::string value = "v";
  const std::vector<Record> records(5, record(1, 1, "k", value));
  EXPECT_EQ(builder.append({0, 0, 0}, records.data(), 2), 2u);
  EXPECT_FALSE(builder.full());
  EXPECT_EQ(builder.append({0, 0, 0}, records.data(), 5), 1u);
  EXPECT_TRUE(builder.full());
  EXPECT_EQ(builder.append({0, 0, 0}, records.data(), 1), 0u);
  EXPECT_EQ(read_slab(*builder.finish()).size(), 3u);
}

TEST(SlabBuilder, StopsBeforeTheRecordThatWouldPassMaxBytes) {
  SlabBuilder builder(record_columns(), 100, 10);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  const std::string value = "vvv";
  const std::vector<Record> records(5, record(1, 1, "kk", value));
  EXPECT_EQ(builder.append({0, 0, 0}, records.data(), 5), 2u) << "exactly 10 bytes fit";
  EXPECT_TRUE(builder.full());
  EXPECT_FALSE(builder.failed());
  EXPECT_EQ(read_slab(*builder.finish()).size(), 2u);
}

TEST(SlabBuilder, ALargerRecordComesAlone) {
  SlabBuilder builder(record_columns(), 100, 10);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  const std::string large(5'000'000, 'x');
  const std::vector<Record> records = {record(1, 1, "k", large), record(2, 1, "k", "")};
  EXPECT_EQ(builder.append({0, 0, 0}, records.data(), 2), 1u);
  EXPECT_TRUE(builder.full());
  const std::vector<SlabRow> rows = read_slab(*builder.finish());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].value, large);
}

TEST(SlabBuilder, OneByOneTheSameComesOut) {
  const std::string value = "value";
  const std::string empty;
  const std::string large(100'000, 'x');
  std::vector<Record> records;
  for (int64_t i = 0; i < 12; ++i) {
    records.push_back(record(4 * i, 100 + i, i % 3 == 0 ? nullptr : "key", value));
    records.push_back(record(4 * i + 1, i % 2 == 0 ? kNoTimestamp : i, "", empty));
    records.push_back(record(4 * i + 2, i, nullptr, large));
    records.push_back(record(4 * i + 3, i, "k", value));
    records.back().value_size = -1;
  }
  for (const size_t max_rows : {1, 7, 48}) {
    for (const size_t max_bytes : {1, 8, 150'000, 10'000'000}) {
      SlabBuilder builder(record_columns(), max_rows, max_bytes);
      SlabBuilder one_by_one(record_columns(), max_rows, max_bytes);
      for (size_t at = 0; at < records.size();) {
        ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
        ASSERT_TRUE(one_by_one.open(std::make_unique<Slab>()));
        const size_t appended = builder.append({2, 7, 0}, &records[at], records.size() - at);
        for (size_t i = 0; i < appended; ++i)
          ASSERT_EQ(one_by_one.append({2, 7, 0}, &records[at + i], 1), 1u);
        at += appended;
        if (at < records.size()) {
          EXPECT_EQ(one_by_one.append({2, 7, 0}, &records[at], 1), 0u);
        }
        EXPECT_EQ(one_by_one.full(), builder.full());
        EXPECT_EQ(read_slab(*one_by_one.finish()), read_slab(*builder.finish()));
      }
    }
  }
}

TEST(SlabBuilder, AUsedSlabShowsNothingOfItsPast) {
  SlabBuilder builder(record_columns(), 10, 1000);
  const std::string value = "value";
  std::unique_ptr<Slab> slab = std::make_unique<Slab>();
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(builder.open(std::move(slab)));
    std::vector<Record> records(9, record(round, round == 1 ? -1 : 5, "k", value));
    if (round == 0) records[3] = record(0, 5, nullptr, value);
    ASSERT_EQ(builder.append({0, 0, 0}, records.data(), 9), 9u);
    slab = builder.finish();
    EXPECT_EQ(slab->null_counts[0], round == 0 ? 1u : 0u);
    EXPECT_EQ(slab->null_counts[5], round == 1 ? 9u : 0u);
    EXPECT_EQ(read_slab(*slab).size(), 9u);
  }
}

TEST(SlabBuilder, HasTheColumnsThatWereChosenInTheirOrder) {
  const Schema schema = choose_columns({"timestamp", "value", "partition"});
  ASSERT_EQ(schema.size(), 3u);
  // Keys have no column: they do not count, and two values of 5 bytes fit.
  SlabBuilder builder(schema, 100, 10);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  const std::string value = "value";
  const std::vector<Record> records(3, record(1, kNoTimestamp, "a long key", value));
  EXPECT_EQ(builder.append({2, 7, 0}, records.data(), 3), 2u);
  const std::unique_ptr<Slab> slab = builder.finish();
  EXPECT_EQ(slab->null_counts, (std::vector<uint32_t>{2, 0, 0}));
  EXPECT_EQ(slab->memory.size(), 2u);
  const std::vector<SlabRow> rows = read_slab(*slab, schema);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].partition, 7);
  EXPECT_EQ(rows[1].value, value);
  EXPECT_EQ(rows[1].key, std::nullopt);
  EXPECT_EQ(rows[1].timestamp, std::nullopt);
}

TEST(SlabBuilder, TellsTheTypeOfTimestampsOfEachRecordBatch) {
  const Schema schema = choose_columns({"timestamp_type"});
  SlabBuilder builder(schema, 100, 10);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  const std::string empty;
  const std::vector<Record> records(20, record(1, 1, nullptr, empty));
  constexpr int16_t kLogAppendTime = 1 << 3, kLz4 = 3;
  EXPECT_EQ(builder.append({0, 0, kLz4}, records.data(), 1), 1u);
  EXPECT_EQ(builder.append({0, 0, kLogAppendTime | kLz4}, records.data(), 20), 20u);
  EXPECT_EQ(builder.append({0, 1, kLz4}, records.data(), 1), 1u);
  const std::unique_ptr<Slab> slab = builder.finish();
  const ColumnReader column(*slab, schema, "timestamp_type");
  for (size_t row = 0; row < 22; ++row)
    EXPECT_EQ(column.number<int8_t>(row), row == 0 || row == 21 ? 0 : 1);
}

TEST(SlabBuilder, NothingComesBesideALargerRecord) {
  SlabBuilder builder(record_columns(), 100, 10);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  const std::string large(100, 'x');
  const std::string empty;
  const Record first = record(1, 1, nullptr, large), second = record(2, 1, nullptr, empty);
  EXPECT_EQ(builder.append({0, 0, 0}, &first, 1), 1u);
  EXPECT_TRUE(builder.full());
  EXPECT_EQ(builder.append({0, 0, 0}, &second, 1), 0u);
  EXPECT_EQ(read_slab(*builder.finish()).size(), 1u);
}

TEST(SlabBuilder, ShortAndLongRunsComeInOrder) {
  const std::string value = "value";
  SlabBuilder builder(record_columns(), 1000, 100'000);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  std::vector<int64_t> expected;
  for (const size_t run : {1, 3, 60, 1, 1, 7, 8, 100, 2, 64, 63, 1}) {
    std::vector<Record> records;
    for (size_t i = 0; i < run; ++i) {
      expected.push_back(static_cast<int64_t>(expected.size()));
      records.push_back(record(expected.back(), 1, "k", value));
    }
    const auto partition = static_cast<int32_t>(run);
    ASSERT_EQ(builder.append({0, partition, 0}, records.data(), run), run);
    ASSERT_EQ(builder.rows(), expected.size());
  }
  std::vector<int64_t> offsets;
  for (const SlabRow& row : read_slab(*builder.finish()))
    offsets.push_back(row.offset);
  EXPECT_EQ(offsets, expected);
}

TEST(SlabBuilder, CountsTheTimestampsThatADoubleMayNotHold) {
  SlabBuilder builder(record_columns(), 10, 1000);
  const int64_t limit = int64_t{1} << 53;
  const std::string value = "value";
  const auto unsafe_of = [&](const std::vector<int64_t>& timestamps) {
    EXPECT_TRUE(builder.open(std::make_unique<Slab>()));
    for (const int64_t timestamp : timestamps) {
      const Record one = record(0, timestamp, "k", value);
      EXPECT_EQ(builder.append({0, 0, 0}, &one, 1), 1u);
    }
    const std::unique_ptr<Slab> slab = builder.finish();
    const uint32_t unsafe = slab->unsafe_timestamps;
    slab->clear();
    EXPECT_EQ(slab->unsafe_timestamps, 0u);
    return unsafe;
  };
  EXPECT_EQ(unsafe_of({0, kNoTimestamp, limit - 1, 1 - limit}), 0u);
  EXPECT_EQ(unsafe_of({limit, 5, -limit}), 2u);
  EXPECT_EQ(unsafe_of({INT64_MIN, INT64_MAX}), 2u);
}

TEST(SlabBuilder, AnEmptySlabIsWhole) {
  SlabBuilder builder(record_columns(), 10, 1000);
  ASSERT_TRUE(builder.open(std::make_unique<Slab>()));
  EXPECT_TRUE(read_slab(*builder.finish()).empty());
}

TEST(SlabBuilder, WithoutASlabItDoesNotOpen) {
  SlabBuilder builder(record_columns(), 10, 1000);
  EXPECT_FALSE(builder.open(nullptr));
}

}  // namespace
}  // namespace tidemark::testing
