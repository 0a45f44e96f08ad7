#include "merge/partition.h"

#include <gtest/gtest.h>

#include <limits>

#include "test_support/record_batch_writer.h"

namespace tidemark::testing {
namespace {

constexpr int64_t kFar = 1000;

// A batch with one record at each of the offsets base, base + 1, ...
WrittenBatch batch_of(int64_t base, const std::vector<int64_t>& timestamps) {
  RecordBatchWriter writer(base, 0);
  for (const int64_t timestamp : timestamps)
    writer.add({base++, timestamp, "k", "v", {}});
  return writer.finish();
}

// A partition and the batches that it points into.
class PartitionTest : public ::testing::Test {
 protected:
  void make(ReplayRange range, GapPolicy gap_policy = GapPolicy::kError) {
    partition = std::make_unique<Partition>(PartitionId{"trades", 3}, range, gap_policy, windows);
  }

  Status push(WrittenBatch batch) {
    batches.push_back(std::make_unique<WrittenBatch>(std::move(batch)));
    const auto drop = [](void* freed) { ++*static_cast<int*>(freed); };
    return partition->push(batches.back()->batch(), BatchOwner(&freed, drop), 100);
  }

  std::vector<int64_t> take_all() {
    std::vector<int64_t> offsets;
    while (partition->has_head()) {
      offsets.push_back(partition->head()->offset);
      partition->release(1);
    }
    return offsets;
  }

  std::vector<std::unique_ptr<WrittenBatch>> batches;
  WindowPool windows;
  std::unique_ptr<Partition> partition;
  int freed = 0;
};

using Offsets = std::vector<int64_t>;

TEST_F(PartitionTest, StartsWithTheFirstRecordAtOrPastTheTime) {
  ReplayRange range{0, 12};
  range.start_time = 100;
  make(range);
  // Of a broker's answer that counts what nobody reads: a marker, and an aborted record.
  ASSERT_TRUE(push(bare_batch(RecordBatchKind::kAborted, 0, 2)).ok());
  ASSERT_TRUE(push(batch_of(3, {50, kNoTimestamp, 99})).ok());
  EXPECT_EQ(partition->held_records(), 0);
  EXPECT_EQ(freed, 2) << "what is dropped is not held";
  ASSERT_TRUE(push(batch_of(6, {60, 100, 40, kNoTimestamp})).ok());
  EXPECT_EQ(partition->held_records(), 3);
  EXPECT_EQ(partition->head()->merge_key, 100) << "nothing before it counts";
  EXPECT_EQ(take_all(), (Offsets{7, 8, 9})) << "the time is of the first one alone";
  EXPECT_EQ(partition->late_records(), 1);
}

TEST_F(PartitionTest, StartsAtItsEndWhereNoRecordIsAtOrPastTheTime) {
  ReplayRange range{0, 4};
  range.start_time = 100;
  make(range);
  ASSERT_TRUE(push(batch_of(0, {50, 60, 70})).ok());
  EXPECT_FALSE(partition->exhausted());
  ASSERT_TRUE(push(batch_of(3, {80, 40, 50})).ok());
  EXPECT_TRUE(partition->exhausted());
  partition->go_live();
  EXPECT_EQ(take_all(), (Offsets{4, 5})) << "what came since is live, whatever its time";
}

TEST_F(PartitionTest, HandsOutRecordsInOffsetOrder) {
  make({0, kFar});
  ASSERT_TRUE(push(batch_of(0, {10, 20})).ok());
  ASSERT_TRUE(push(batch_of(2, {30})).ok());
  EXPECT_EQ(partition->held_records(), 3);
  EXPECT_EQ(partition->held_bytes(), 200u);
  EXPECT_EQ(partition->fetched_offset(), 2);
  EXPECT_EQ(partition->last_message_timestamp(), 30);
  EXPECT_EQ(partition->released_offset(), std::nullopt);
  EXPECT_EQ(take_all(), (Offsets{0, 1, 2}));
  EXPECT_EQ(freed, 2);
  EXPECT_EQ(partition->held_records(), 0);
  EXPECT_EQ(partition->held_bytes(), 0u);
  EXPECT_EQ(partition->released_offset(), 2);
  EXPECT_EQ(partition->released_merge_key(), 30);
  EXPECT_EQ(partition->position(), 3);
  EXPECT_FALSE(partition->exhausted());
}

TEST_F(PartitionTest, MergeKeyIsTheLargestTimestampSoFar) {
  constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
  make({0, kFar});
  push(batch_of(0, {kNoTimestamp, -50, 20, 10, kNoTimestamp, 20, kLargest, 30}));
  const std::vector<int64_t> keys = {kSmallestMergeKey, -50, 20, 20, 20, 20, kLargest, kLargest};
  ASSERT_EQ(partition->head_count(), keys.size());
  for (size_t i = 0; i < keys.size(); ++i)
    EXPECT_EQ(partition->head()[i].merge_key, keys[i]);
  partition->release(3);
  EXPECT_EQ(partition->late_records(), 0);
  partition->release(5);
  EXPECT_EQ(partition->late_records(), 2) << "10 and 30; those without timestamp are not late";
}

TEST_F(PartitionTest, MergeKeyGoesOnAcrossBatchesAndDecodedSpans) {
  make({0, kFar});
  push(batch_of(0, std::vector<int64_t>(200, 70)));
  push(batch_of(200, {60}));
  for (int i = 0; i < 200; ++i)
    partition->release(1);
  EXPECT_EQ(partition->head()->merge_key, 70);
}

TEST_F(PartitionTest, StartsInMidBatch) {
  make({2, kFar});
  ASSERT_TRUE(push(batch_of(0, {99, 98, 10, 20})).ok());
  EXPECT_EQ(partition->held_records(), 2);
  EXPECT_EQ(partition->head()->merge_key, 10) << "records before the start say nothing";
  EXPECT_EQ(take_all(), (Offsets{2, 3}));
}

TEST_F(PartitionTest, FrontierIsBehindWhatWasReleasedAndWhatIsNoRecordBehindThat) {
  make({10, kFar, kNoCutoff, 70, 3});
  EXPECT_EQ(partition->frontier(), (Frontier{10, 70, 3}));
  push(batch_of(10, {60, 80}));
  EXPECT_EQ(partition->frontier().next_offset, 10);
  EXPECT_EQ(partition->frontier().merge_key, 70) << "nothing was released yet";
  partition->release(1);
  EXPECT_EQ(partition->frontier().next_offset, 11);
  EXPECT_EQ(partition->frontier().merge_key, 70) << "60 is late";
  partition->release(1);
  EXPECT_EQ(partition->frontier().merge_key, 80);
  partition->reach(15);
  EXPECT_EQ(partition->frontier().next_offset, 15);
  push(batch_of(15, {90}));
  EXPECT_EQ(partition->frontier().next_offset, 15) << "it is held";
}

TEST_F(PartitionTest, EndsInMidBatchAndShowsTheRestInLive) {
  make({0, 2});
  push(batch_of(0, {1, 2, 3, 4}));
  push(batch_of(4, {5}));
  EXPECT_FALSE(partition->exhausted());
  EXPECT_EQ(partition->head_count(), 2u);
  EXPECT_EQ(take_all(), (Offsets{0, 1}));
  EXPECT_TRUE(partition->exhausted());
  EXPECT_EQ(partition->held_records(), 3);
  partition->go_live();
  EXPECT_EQ(take_all(), (Offsets{2, 3, 4}));
}

TEST_F(PartitionTest, EndsBeforeTheFirstRecordAtTheCutoff) {
  make({0, kFar, 50});
  push(batch_of(0, {10, kNoTimestamp, 49, 50, 10}));
  EXPECT_FALSE(partition->exhausted());
  EXPECT_EQ(take_all(), (Offsets{0, 1, 2}));
  EXPECT_TRUE(partition->exhausted());
  partition->go_live();
  EXPECT_EQ(take_all(), (Offsets{3, 4}));
}

TEST_F(PartitionTest, WithoutCutoffTheLargestTimestampIsOrdinary) {
  make({0, 1});
  push(batch_of(0, {std::numeric_limits<int64_t>::max()}));
  EXPECT_EQ(take_all(), (Offsets{0}));
}

// A log that ends in transaction markers: the last record's offset never reaches the end offset.
TEST_F(PartitionTest, MarkersAbortedAndEmptyBatchesMoveThePosition) {
  make({0, 9});
  push(batch_of(0, {1}));
  EXPECT_EQ(take_all(), (Offsets{0}));
  push(bare_batch(RecordBatchKind::kControl, 1, 1));
  push(bare_batch(RecordBatchKind::kAborted, 2, 6));
  EXPECT_FALSE(partition->exhausted());
  push(bare_batch(RecordBatchKind::kRecords, 7, 8));
  EXPECT_TRUE(partition->exhausted());
  EXPECT_EQ(freed, 4);
  EXPECT_EQ(partition->fetched_offset(), 0);
}

TEST_F(PartitionTest, CompactedTailCountsByTheBatchNotByItsLastRecord) {
  make({0, 10});
  push(RecordBatchWriter(0, 0).add({3, 1, "k", "v", {}}).last_offset(9).finish());
  EXPECT_EQ(take_all(), (Offsets{3}));
  EXPECT_TRUE(partition->exhausted());
}

TEST_F(PartitionTest, EndOfPartitionProvesTheEndOnlyAtOrPastIt) {
  make({5, 10});
  partition->reach(9);
  EXPECT_FALSE(partition->exhausted()) << "a new leader's high watermark lags";
  partition->reach(4);
  EXPECT_EQ(partition->position(), 9) << "forward only";
  partition->reach(10);
  EXPECT_TRUE(partition->exhausted());
}

TEST_F(PartitionTest, WithNothingToReplayItIsExhaustedAtOnce) {
  make({7, 7});
  EXPECT_TRUE(partition->exhausted());
  push(batch_of(7, {1}));
  EXPECT_FALSE(partition->has_head());
  partition->go_live();
  EXPECT_EQ(take_all(), (Offsets{7}));
}

TEST_F(PartitionTest, AGapIsLoss) {
  make({0, kFar});
  push(batch_of(0, {1}));
  const Status status = push(batch_of(5, {2}));
  EXPECT_EQ(status.code, ErrorCode::kOffsetGap);
  EXPECT_EQ(status.topic, "trades");
  EXPECT_EQ(status.partition, 3);
  EXPECT_EQ(status.offset, 1);
  EXPECT_NE(status.message.find("topic 'trades', partition 3, offset"), std::string::npos);
  EXPECT_EQ(take_all(), (Offsets{0})) << "what came before is good";
  partition->reach(kFar);
  EXPECT_FALSE(partition->exhausted()) << "nothing behind a fault proves the end";
}

TEST_F(PartitionTest, AGapIsCountedWhereTheTopicIsCompacted) {
  make({0, kFar}, GapPolicy::kCount);
  push(batch_of(2, {1}));
  push(batch_of(5, {2}));
  EXPECT_EQ(partition->missing_offsets(), 4);
  EXPECT_EQ(take_all(), (Offsets{2, 5}));
}

TEST_F(PartitionTest, AStepBackIsAlwaysAnError) {
  for (const GapPolicy policy : {GapPolicy::kError, GapPolicy::kCount}) {
    make({0, kFar}, policy);
    push(batch_of(0, {1, 2}));
    EXPECT_EQ(push(batch_of(0, {1, 2})).code, ErrorCode::kOffsetStepBack);
    EXPECT_EQ(push(batch_of(2, {3})).code, ErrorCode::kOffsetStepBack) << "nothing more is taken";
    EXPECT_EQ(take_all(), (Offsets{0, 1}));
  }
}

TEST_F(PartitionTest, AHeaderThatCannotBeIsRefusedAtOnce) {
  make({0, kFar});
  WrittenBatch batch = batch_of(0, {1, 2});
  batch.header.last_offset = -1;
  EXPECT_EQ(push(std::move(batch)).code, ErrorCode::kCorruptRecordBatch);
  EXPECT_EQ(freed, 1);
}

TEST_F(PartitionTest, ACorruptRecordEndsThePartitionBehindTheGoodOnes) {
  make({0, kFar});
  WrittenBatch corrupt = batch_of(1, {2, 3});
  corrupt.bytes.back() = 1;
  push(batch_of(0, {1}));
  EXPECT_TRUE(push(std::move(corrupt)).ok()) << "not looked into yet";
  EXPECT_EQ(push(batch_of(9, {4})).code, ErrorCode::kOffsetGap);
  EXPECT_EQ(take_all(), (Offsets{0, 1}));
  EXPECT_EQ(partition->status().code, ErrorCode::kCorruptRecordBatch) << "it precedes the gap";
  EXPECT_EQ(partition->status().offset, 2);
  EXPECT_EQ(partition->position(), 2);
  EXPECT_EQ(partition->held_bytes(), 0u);
  EXPECT_EQ(partition->held_records(), 0);
  EXPECT_FALSE(partition->exhausted());
}

TEST_F(PartitionTest, AFaultBehindTheEndOffsetIsNoneOfTheReplays) {
  make({0, 2});
  WrittenBatch corrupt = batch_of(0, {1, 2, 3, 4});
  corrupt.bytes.back() = 1;
  push(std::move(corrupt));
  EXPECT_EQ(take_all(), (Offsets{0, 1}));
  EXPECT_TRUE(partition->exhausted());
  partition->go_live();
  EXPECT_EQ(take_all(), (Offsets{2}));
  EXPECT_EQ(partition->status().code, ErrorCode::kCorruptRecordBatch);
}

// Several batches of one op share the memory that comes with the last of them, and the last may
// be a marker, which itself is let go at once.
TEST_F(PartitionTest, AMarkerAtTheEndOfAnOpDoesNotFreeItsRecords) {
  make({0, kFar});
  const auto drop = [](void* freed) { ++*static_cast<int*>(freed); };
  const WrittenBatch records = batch_of(0, {1, 2});
  const WrittenBatch marker = bare_batch(RecordBatchKind::kControl, 2, 2);
  partition->push(records.batch(), BatchOwner(nullptr, nullptr), 0);
  partition->push(marker.batch(), BatchOwner(&freed, drop), 500);
  EXPECT_EQ(freed, 0);
  EXPECT_EQ(partition->held_bytes(), 500u);
  EXPECT_EQ(take_all(), (Offsets{0, 1}));
  EXPECT_EQ(freed, 1);
  EXPECT_EQ(partition->held_bytes(), 0u);
}

}  // namespace
}  // namespace tidemark::testing
