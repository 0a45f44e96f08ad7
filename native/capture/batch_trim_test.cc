#include "capture/batch_trim.h"

#include <gtest/gtest.h>

#include <vector>

#include "log/record_batch_decoder.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {
namespace {

struct Row {
  int64_t offset, timestamp;
  std::string value;
  bool operator==(const Row& other) const {
    return offset == other.offset && timestamp == other.timestamp && value == other.value;
  }
};

std::vector<Row> rows_of(const RecordBatch& batch) {
  RecordBatchDecoder decoder;
  EXPECT_EQ(decoder.open(batch), nullptr);
  std::vector<Row> rows;
  while (decoder.remaining() > 0) {
    Record record;
    size_t count = 0;
    const char* const fault = decoder.decode(&record, 1, &count);
    EXPECT_EQ(fault, nullptr);
    if (fault != nullptr) break;
    const auto* const value = reinterpret_cast<const char*>(record.value);
    rows.push_back({record.offset, record.timestamp,
                    std::string(value, static_cast<size_t>(record.value_size))});
  }
  return rows;
}

WrittenBatch records_at(const std::vector<int64_t>& offsets) {
  RecordBatchWriter writer(offsets[0], 100);
  for (const int64_t offset : offsets)
    writer.add({offset, 100 + offset, "key", std::string(200, 'v'), {{"name", "value"}}});
  return writer.finish();
}

// Distances of one, two and three bytes, which become shorter.
TEST(TrimBatch, BeginsAtAnOffsetWithTheRecordsFromThereOn) {
  const WrittenBatch written = records_at({10, 11, 14, 74, 75, 10'000, 20'000});
  const std::vector<Row> all = rows_of(written.batch());
  for (const int64_t from : {10, 11, 12, 14, 15, 73, 74, 75, 76, 9'999, 10'000, 19'999, 20'000}) {
    RecordBatch batch = written.batch();
    Bytes bytes(batch.size);
    ASSERT_TRUE(trim_batch(&batch, from, bytes.data()));
    std::vector<Row> left;
    for (const Row& row : all) {
      if (row.offset >= from) left.push_back(row);
    }
    EXPECT_EQ(rows_of(batch), left) << from;
    EXPECT_LE(batch.size, bytes.size());
    EXPECT_EQ(batch.base_offset, from);
    EXPECT_EQ(batch.last_offset, 20'000);
  }
}

// Compaction has taken the last ones.
TEST(TrimBatch, MayHaveNoRecordsLeft) {
  WrittenBatch written = records_at({10, 11});
  written.header.last_offset = 20;
  RecordBatch batch = written.batch();
  Bytes bytes(batch.size);
  ASSERT_TRUE(trim_batch(&batch, 15, bytes.data()));
  EXPECT_EQ(rows_of(batch), std::vector<Row>{});
  EXPECT_EQ(batch.base_offset, 15);
  EXPECT_EQ(batch.last_offset, 20);
}

TEST(TrimBatch, OfWhatHasNoRecordsTakesOffsetsAlone) {
  RecordBatch batch = bare_batch(RecordBatchKind::kControl, 10, 20).batch();
  batch.record_count = 4;
  ASSERT_TRUE(trim_batch(&batch, 15, nullptr));
  EXPECT_EQ(batch.base_offset, 15);
  EXPECT_EQ(batch.last_offset, 20);
}

TEST(TrimBatch, SaysThatRecordsCannotBeRead) {
  const WrittenBatch written = records_at({10, 11});
  const auto trims = [&written](const Bytes& bytes) {
    RecordBatch batch = written.batch();
    batch.records = bytes.data();
    batch.size = bytes.size();
    Bytes to(bytes.size());
    return trim_batch(&batch, 11, to.data());
  };
  EXPECT_TRUE(trims(written.bytes));
  for (size_t size = 0; size < written.bytes.size(); ++size)
    EXPECT_FALSE(trims({written.bytes.data(), written.bytes.data() + size})) << size;
  Bytes longer = written.bytes;
  longer.push_back(0);
  EXPECT_FALSE(trims(longer)) << "bytes are left over";
  EXPECT_FALSE(trims(RecordBatchWriter(10, 0)
                         .add({11, 0, "key", "value", {}})
                         .add({11, 0, "key", "value", {}})
                         .finish()
                         .bytes))
      << "an offset comes twice";
}

}  // namespace
}  // namespace tidemark::testing
