#include "capture/segment_writer.h"

#include <gtest/gtest.h>

#include "capture/batch_header.h"
#include "log/record_batch_decoder.h"
#include "test_support/compressed_batch.h"
#include "test_support/plain_segment.h"
#include "test_support/record_batch_writer.h"
#include "test_support/temp_folder.h"

namespace tidemark::testing {
namespace {

WrittenBatch two_records(int64_t base_offset) {
  RecordBatchWriter writer(base_offset, 1000);
  writer.add({base_offset, 1000, "k", "v", {{"h", "x"}}});
  writer.add({base_offset + 3, 900, std::nullopt, std::nullopt, {}});
  return writer.last_offset(base_offset + 5).finish();
}

class SegmentWriterTest : public ::testing::Test {
 protected:
  std::string folder() { return (temp_ / "").string(); }

  // The one record batch that is in a segment of `batch`.
  PlainBatch written(const RecordBatch& batch) {
    SegmentWriter segment(disk_, folder(), batch.base_offset, Clock::now());
    EXPECT_TRUE(segment.create().ok());
    EXPECT_TRUE(segment.append(batch).ok());
    EXPECT_TRUE(segment.finish().ok());
    const auto batches = plain_batches(file_bytes(segment.path()));
    EXPECT_EQ(batches.size(), 1u);
    EXPECT_EQ(static_cast<size_t>(segment.bytes()), file_bytes(segment.path()).size());
    return batches.at(0);
  }

  TempFolder temp_;
  Disk disk_;
};

TEST_F(SegmentWriterTest, HasTheRecordsAsTheyWereAndEveryFieldOfTheirHeader) {
  WrittenBatch batch = two_records(7'000'000'000);
  batch.header.leader_epoch = 12;
  const PlainBatch read = written(batch.batch());
  EXPECT_EQ(read.base_offset, 7'000'000'000);
  EXPECT_EQ(read.last_offset(), 7'000'000'005);
  EXPECT_EQ(read.leader_epoch, 12);
  EXPECT_EQ(read.magic, 2);
  EXPECT_EQ(read.crc, read.computed_crc);
  EXPECT_EQ(read.attributes, 0);
  EXPECT_EQ(read.base_timestamp, 1000);
  EXPECT_EQ(read.max_timestamp, 1000);
  EXPECT_EQ(read.producer_id, -1);
  EXPECT_EQ(read.producer_epoch, -1);
  EXPECT_EQ(read.base_sequence, -1);
  EXPECT_EQ(read.record_count, 2);
  EXPECT_EQ(read.records, std::string(batch.bytes.begin(), batch.bytes.end()));
}

// What was compressed has been inflated, and what was written in a transaction stands for itself.
TEST_F(SegmentWriterTest, KeepsOfTheAttributesThatTheBrokerStampedTheTime) {
  WrittenBatch batch = two_records(0);
  batch.header.attributes = 0x7f;
  batch.header.max_timestamp = 5000;
  const PlainBatch read = written(batch.batch());
  EXPECT_EQ(read.attributes, 1 << 3);
  EXPECT_EQ(read.max_timestamp, 5000);
}

TEST_F(SegmentWriterTest, SaysByWhatCodecRecordsAreCompressedThatStillAre) {
  Dice dice(1);
  for (int codec = kGzipCodec; codec <= kZstdCodec; ++codec) {
    WrittenBatch batch = compress(two_records(10 * codec), codec, kOneBlock, dice);
    batch.header.attributes |= 0x70;
    const PlainBatch read = written(batch.batch());
    EXPECT_EQ(read.attributes, codec);
    EXPECT_EQ(read.records, std::string(batch.bytes.begin(), batch.bytes.end()));
    EXPECT_EQ(read.crc, read.computed_crc);
  }
}

TEST_F(SegmentWriterTest, CoversTheOffsetsOfWhatCannotBeReadByABatchWithoutRecords) {
  for (const auto kind : {RecordBatchKind::kControl, RecordBatchKind::kAborted}) {
    WrittenBatch batch = bare_batch(kind, 20 + static_cast<int64_t>(kind), 24);
    batch.header.attributes = 0x30;  // transactional, control
    batch.header.record_count = 3;
    const PlainBatch read = written(batch.batch());
    EXPECT_EQ(read.base_offset, 20 + static_cast<int64_t>(kind));
    EXPECT_EQ(read.last_offset(), 24);
    EXPECT_EQ(read.attributes, 0);
    EXPECT_EQ(read.record_count, 0);
    EXPECT_EQ(read.records, "");
    EXPECT_EQ(read.crc, read.computed_crc);
  }
}

TEST_F(SegmentWriterTest, HasItsNameOnlyWhenItIsComplete) {
  const WrittenBatch batch = two_records(42);
  {
    SegmentWriter segment(disk_, folder(), 42, Clock::now());
    ASSERT_TRUE(segment.create().ok());
    ASSERT_TRUE(segment.append(batch.batch()).ok());
    const std::vector<std::string> part = {"00000000000000000042.log.part"};
    EXPECT_EQ(names_in(temp_ / ""), part);
    ASSERT_TRUE(segment.finish().ok());
  }
  EXPECT_EQ(names_in(temp_ / ""), std::vector<std::string>{"00000000000000000042.log"});
}

TEST_F(SegmentWriterTest, ThatIsNotFinishedIsNoSegment) {
  {
    SegmentWriter segment(disk_, folder(), 42, Clock::now());
    ASSERT_TRUE(segment.create().ok());
  }
  EXPECT_EQ(names_in(temp_ / ""), std::vector<std::string>{"00000000000000000042.log.part"});
}

TEST_F(SegmentWriterTest, NeverOverwritesAnother) {
  SegmentWriter first(disk_, folder(), 42, Clock::now());
  ASSERT_TRUE(first.create().ok());
  SegmentWriter second(disk_, folder(), 42, Clock::now());
  const Status status = second.create();
  EXPECT_EQ(status.code, ErrorCode::kCapture);
  EXPECT_NE(status.message.find("File exists"), std::string::npos) << status.message;
}

}  // namespace
}  // namespace tidemark::testing
