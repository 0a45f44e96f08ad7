#include "capture/batch_trim.h"

#include <gtest/gtest.h>

#include <vector>

#include "log/record_batch_decoder.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {
namespace {

std::vector<int64_t> offsets_of(const RecordBatch& batch) {
  RecordBatchDecoder decoder;
  EXPECT_EQ(decoder.open(batch), nullptr);
  Record records[8];
  size_t count = 0;
  EXPECT_EQ(decoder.decode(records, 8, &count), nullptr);
  std::vector<int64_t> offsets;
  for (size_t i = 0; i < count; ++i)
    offsets.push_back(records[i].offset);
  return offsets;
}

WrittenBatch records_at(std::vector<int64_t> offsets) {
  RecordBatchWriter writer(offsets[0], 100);
  for (const int64_t offset : offsets)
    writer.add({offset, 100 + offset, "key", std::string(200, 'v'), {}});
  return writer.finish();
}

TEST(TrimBatch, TakesOutTheRecordsBelowAnOffsetAndGoesOnCoveringThem) {
  const WrittenBatch written = records_at({10, 11, 14, 20});
  for (const auto& [from, left] :
       std::vector<std::pair<int64_t, std::vector<int64_t>>>{{5, {10, 11, 14, 20}},
                                                             {10, {10, 11, 14, 20}},
                                                             {11, {11, 14, 20}},
                                                             {12, {14, 20}},
                                                             {20, {20}},
                                                             {21, {}}}) {
    RecordBatch batch = written.batch();
    ASSERT_TRUE(trim_batch(&batch, from));
    EXPECT_EQ(offsets_of(batch), left) << from;
    EXPECT_EQ(batch.base_offset, 10);
    EXPECT_EQ(batch.last_offset, 20);
  }
}

TEST(TrimBatch, LeavesAloneWhatHasNoRecords) {
  RecordBatch batch = bare_batch(RecordBatchKind::kControl, 10, 20).batch();
  batch.record_count = 4;
  EXPECT_TRUE(trim_batch(&batch, 15));
}

TEST(TrimBatch, SaysThatRecordsCannotBeRead) {
  const WrittenBatch written = records_at({10, 11});
  for (size_t size = 0; size < written.bytes.size(); ++size) {
    RecordBatch batch = written.batch();
    const Bytes cut(written.bytes.begin(), written.bytes.begin() + static_cast<ptrdiff_t>(size));
    batch.records = cut.data();
    batch.size = cut.size();
    EXPECT_FALSE(trim_batch(&batch, 12)) << size;
  }
}

}  // namespace
}  // namespace tidemark::testing
