#include "merge/merger.h"

#include <gtest/gtest.h>

#include <utility>

#include "test_support/record_batch_writer.h"
#include "test_support/slab_reader.h"

namespace tidemark::testing {
namespace {

using Outcome = Merger::Outcome;
using Times = std::vector<int64_t>;

class MergerTest : public ::testing::Test {
 protected:
  void make(const std::vector<ReplayRange>& ranges, bool fail_on_late_record = false) {
    std::vector<Partition*> made;
    for (size_t p = 0; p < ranges.size(); ++p)
      made.push_back(&make_partition(static_cast<int32_t>(p), ranges[p]));
    merger = std::make_unique<Merger>(made, fail_on_late_record);
    builder = std::make_unique<SlabBuilder>(record_columns(), max_rows, 100'000);
    builder->open(std::make_unique<Slab>());
  }

  Partition& make_partition(int32_t number, const ReplayRange& range, const char* topic = "trades",
                            const char* source = "") {
    partitions.push_back(std::make_unique<Partition>(PartitionId{topic, number, 0, 0, source},
                                                     range, GapPolicy::kError, windows));
    return *partitions.back();
  }

  void push(size_t p, const Times& timestamps) {
    const int64_t base = merger->partition(p).position();
    RecordBatchWriter writer(base, 0);
    int64_t offset = base;
    for (const int64_t timestamp : timestamps)
      writer.add({offset++, timestamp, "k", "v", {}});
    batches.push_back(std::make_unique<WrittenBatch>(writer.finish()));
    merger->partition(p).push(batches.back()->batch(), BatchOwner(nullptr, nullptr), 0);
    merger->notify(p);
  }

  Outcome merge() { return merger->merge(*builder); }

  // Cuts the slab; its rows as (partition, timestamp).
  std::vector<std::pair<int32_t, int64_t>> rows() {
    std::vector<std::pair<int32_t, int64_t>> rows;
    for (const SlabRow& row : read_slab(*builder->finish())) {
      rows.emplace_back(row.partition, row.timestamp.value_or(kNoTimestamp));
    }
    builder->open(std::make_unique<Slab>());
    return rows;
  }

  Times times() {
    Times times;
    for (const auto& [partition, timestamp] : rows())
      times.push_back(timestamp);
    return times;
  }

  std::vector<std::unique_ptr<WrittenBatch>> batches;
  WindowPool windows;
  std::vector<std::unique_ptr<Partition>> partitions;
  std::unique_ptr<Merger> merger;
  size_t max_rows = 100;
  std::unique_ptr<SlabBuilder> builder;
};

// The picture in docs/ordering.md.
TEST_F(MergerTest, SeedExample) {
  make({{0, 4}, {0, 100}});
  push(0, {100, 200, 300, 400});
  push(1, {150, 250});
  EXPECT_EQ(merge(), Outcome::kBlocked);
  EXPECT_EQ(merger->blocked_on(), 1u);
  EXPECT_EQ(times(), (Times{100, 150, 200, 250}));
  EXPECT_EQ(merger->watermark(), 250);
  EXPECT_EQ(merger->partition(0).held_records(), 2);
  EXPECT_FALSE(merger->is_live());
}

TEST_F(MergerTest, TiesGoByPartitionWhateverCameFirst) {
  make({{0, 3}, {0, 3}, {0, 3}});
  push(2, {5, 5, 6});
  push(1, {5, 6, 6});
  push(0, {5, 5, 5});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  using Rows = std::vector<std::pair<int32_t, int64_t>>;
  EXPECT_EQ(rows(), (Rows{{0, 5}, {0, 5}, {0, 5}, {1, 5}, {2, 5}, {2, 5}, {1, 6}, {1, 6}, {2, 6}}));
}

// In whatever order they came to the merge.
TEST_F(MergerTest, TiesOfOneTopicAndPartitionGoByTheNameOfTheSource) {
  const std::vector<std::pair<int32_t, const char*>> ids = {
      {0, "us"}, {1, "asia"}, {0, "\xc3\xa9"}, {0, "eu"}, {0, "Eu"}};
  std::vector<Partition*> made;
  for (const auto& [number, source] : ids) {
    const auto offset = static_cast<int64_t>(made.size());  // tells them apart
    made.push_back(&make_partition(number, {offset, offset + 1}, "trades", source));
  }
  merger = std::make_unique<Merger>(made, false);
  builder = std::make_unique<SlabBuilder>(record_columns(), max_rows, 100'000);
  builder->open(std::make_unique<Slab>());
  for (size_t p = 0; p < ids.size(); ++p)
    push(p, {5});
  std::vector<std::string> in_order;
  for (const size_t slot : merger->in_order())
    in_order.push_back(name_of(merger->partition(slot).id()));
  EXPECT_EQ(in_order,
            (std::vector<std::string>{"trades-0 of source 'Eu'", "trades-0 of source 'eu'",
                                      "trades-0 of source 'us'", "trades-0 of source '\xc3\xa9'",
                                      "trades-1 of source 'asia'"}));
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  std::vector<int64_t> offsets;
  for (const SlabRow& row : read_slab(*builder->finish()))
    offsets.push_back(row.offset);
  EXPECT_EQ(offsets, (std::vector<int64_t>{4, 3, 0, 2, 1}));
}

TEST_F(MergerTest, TheWatermarkIsNullUntilEachPartitionHasSpoken) {
  make({{0, 9}, {0, 9}});
  EXPECT_EQ(merger->watermark(), std::nullopt);
  push(0, {100});
  EXPECT_EQ(merge(), Outcome::kBlocked);
  EXPECT_EQ(merger->blocked_on(), 1u);
  EXPECT_EQ(merger->watermark(), std::nullopt);
  EXPECT_TRUE(times().empty());
  merger->partition(1).reach(9);
  EXPECT_EQ(merge(), Outcome::kBlocked);
  EXPECT_EQ(merger->watermark(), 100);
  EXPECT_EQ(times(), (Times{100}));
}

TEST_F(MergerTest, AFirstRecordWithoutTimestampHidesTheWatermark) {
  make({{0, 2}, {0, 1}});
  push(0, {kNoTimestamp, 7});
  EXPECT_EQ(merge(), Outcome::kBlocked);
  push(1, {5});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{kNoTimestamp, 5, 7}));
}

TEST_F(MergerTest, IsCutExactlyBehindTheLastReplayRecord) {
  make({{0, 2}, {0, 1}});
  push(0, {10, 30, 40});
  push(1, {20, 25});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_TRUE(merger->is_live());
  EXPECT_EQ(merger->watermark(), std::nullopt);
  EXPECT_EQ(times(), (Times{10, 20, 30}));
  EXPECT_EQ(merge(), Outcome::kDrained);
  EXPECT_EQ(times(), (Times{25, 40}));
}

TEST_F(MergerTest, TheEndMayBecomeKnownAfterTheLastRow) {
  make({{0, 5}});
  push(0, {10});
  EXPECT_EQ(merge(), Outcome::kBlocked);
  EXPECT_EQ(times(), (Times{10}));
  merger->partition(0).reach(5);
  EXPECT_FALSE(merger->is_live());
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_TRUE(merger->is_live());
  EXPECT_TRUE(times().empty());
}

TEST_F(MergerTest, WithNothingToReplayItIsLiveFromTheStart) {
  make({{3, 3}, {0, 0}});
  EXPECT_TRUE(merger->is_live());
  EXPECT_EQ(merge(), Outcome::kDrained);
  push(0, {50});
  EXPECT_EQ(merge(), Outcome::kDrained);
  EXPECT_EQ(times(), (Times{50}));
}

TEST_F(MergerTest, WithoutPartitionsItIsLiveAndEmpty) {
  make({});
  EXPECT_TRUE(merger->is_live());
  EXPECT_EQ(merge(), Outcome::kDrained);
}

TEST_F(MergerTest, GoesOnWhereAFullSlabWasCut) {
  max_rows = 2;
  make({{0, 3}, {0, 2}});
  push(0, {1, 3, 5});
  push(1, {2, 4});
  EXPECT_EQ(merge(), Outcome::kFull);
  EXPECT_EQ(times(), (Times{1, 2}));
  EXPECT_EQ(merge(), Outcome::kFull);
  EXPECT_EQ(times(), (Times{3, 4}));
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{5}));
}

TEST_F(MergerTest, AFullSlabThatHoldsTheLastRecordEndsTheReplay) {
  max_rows = 2;
  make({{0, 2}});
  push(0, {1, 2});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
}

TEST_F(MergerTest, InLiveAllThatIsThereComesInMergeOrder) {
  make({{0, 0}, {0, 0}, {0, 0}});
  push(2, {10, 30});
  push(0, {20});
  EXPECT_EQ(merge(), Outcome::kDrained);
  push(1, {5});
  EXPECT_EQ(merge(), Outcome::kDrained);
  EXPECT_EQ(times(), (Times{10, 20, 30, 5}));
}

TEST_F(MergerTest, APartitionThatJoinsInLiveTakesItsPlaceInTheOrder) {
  make({{0, 0}, {0, 0}});
  merger->add(2, make_partition(7, {3, 3}, "orders"));
  EXPECT_EQ(merger->in_order(), (std::vector<size_t>{2, 0, 1}));
  push(1, {5});
  push(2, {5, 9});
  push(0, {5});
  EXPECT_EQ(merge(), Outcome::kDrained);
  using Rows = std::vector<std::pair<int32_t, int64_t>>;
  EXPECT_EQ(rows(), (Rows{{7, 5}, {0, 5}, {1, 5}, {7, 9}}));
  EXPECT_EQ(merger->partition(2).released_offset(), 4);
}

TEST_F(MergerTest, APartitionThatJoinsTheReplayHoldsItUpFromThenOn) {
  make({{0, 4}});
  push(0, {10, 20, 30});
  EXPECT_EQ(merge(), Outcome::kBlocked);
  EXPECT_EQ(times(), (Times{10, 20, 30}));
  merger->add(1, make_partition(1, {0, 2}));
  push(0, {40});
  EXPECT_EQ(merge(), Outcome::kBlocked);
  EXPECT_EQ(merger->blocked_on(), 1u);
  EXPECT_EQ(times(), Times());
  push(1, {15, 50});  // what was released before is not taken back
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{15, 40, 50}));
}

TEST_F(MergerTest, APartitionThatLeavesTheReplayHoldsNobodyUp) {
  make({{0, 2}, {0, 2}, {0, 1}});
  push(0, {10, 30});
  push(1, {20});
  push(2, {25});
  EXPECT_EQ(merge(), Outcome::kBlocked);
  EXPECT_EQ(times(), (Times{10, 20}));
  merger->remove({1});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{25, 30}));
}

TEST_F(MergerTest, NothingThatIsHeldOfAPartitionThatLeavesIsReleased) {
  make({{0, 0}, {0, 0}});
  push(0, {10});
  push(1, {5});
  merger->remove({1});
  EXPECT_EQ(merge(), Outcome::kDrained);
  EXPECT_EQ(times(), Times{10});
  merger->add(1, make_partition(4, {0, 0}));  // in the slot that is free
  push(0, {20});
  merger->partition(1).push(batches.front()->batch(), BatchOwner(nullptr, nullptr), 0);
  merger->notify(1);
  EXPECT_EQ(merge(), Outcome::kDrained);
  EXPECT_EQ(times(), (Times{10, 20}));
}

TEST_F(MergerTest, WhenAllHaveLeftTheReplayIsOver) {
  make({{0, 1}});
  merger->remove({0});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
}

TEST_F(MergerTest, AStreamThatGoesOnBehindALateRecordKeepsTheMergeKeyOfTheRecordBefore) {
  const ReplayRange behind_a_late_record{0, 1, kNoCutoff, 100};
  make({behind_a_late_record, {0, 1}});
  push(0, {60});
  push(1, {80});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{80, 60}));  // from its offset alone it would be 60, 80

  make({{0, 1}, {0, 1}});
  push(0, {60});
  push(1, {80});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{60, 80}));
}

TEST_F(MergerTest, ALateRecordComesAtItsOwnPlaceAndIsCounted) {
  make({{0, 3}, {0, 2}});
  push(0, {100, 50, 200});
  push(1, {60, 150});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{60, 100, 50, 150, 200}));
  EXPECT_EQ(merger->partition(0).late_records(), 1);
}

TEST_F(MergerTest, ALateRecordCanBeAnError) {
  make({{0, 4}, {0, 2}}, true);
  push(0, {100, 110, 50, 200});
  push(1, {60, 150});
  EXPECT_EQ(merge(), Outcome::kFailed);
  EXPECT_EQ(times(), (Times{60, 100, 110})) << "all that precedes it";
  EXPECT_EQ(merger->status().code, ErrorCode::kLateRecord);
  EXPECT_EQ(merger->status().partition, 0);
  EXPECT_EQ(merger->status().offset, 2);
  EXPECT_EQ(merge(), Outcome::kFailed) << "for good";
  EXPECT_TRUE(times().empty());
}

TEST_F(MergerTest, WhatPrecedesAFaultComesFirst) {
  make({{0, 9}, {0, 2}});
  push(0, {100, 200});
  WrittenBatch lost = RecordBatchWriter(7, 0).add({7, 300, "k", "v", {}}).finish();
  EXPECT_FALSE(merger->partition(0).push(lost.batch(), BatchOwner(nullptr, nullptr), 0).ok());
  EXPECT_EQ(merge(), Outcome::kBlocked) << "partition 1 may still have what precedes it";
  push(1, {150, 400});
  EXPECT_EQ(merge(), Outcome::kFailed);
  EXPECT_EQ(times(), (Times{100, 150, 200})) << "400 would have to wait for what is lost";
  EXPECT_EQ(merger->status().code, ErrorCode::kOffsetGap);
}

TEST_F(MergerTest, InLiveAllGoodRecordsComeBeforeAFault) {
  make({{0, 0}, {0, 0}});
  push(0, {100});
  WrittenBatch lost = RecordBatchWriter(7, 0).add({7, 300, "k", "v", {}}).finish();
  merger->partition(0).push(lost.batch(), BatchOwner(nullptr, nullptr), 0);
  push(1, {150, 400});
  EXPECT_EQ(merge(), Outcome::kFailed);
  EXPECT_EQ(times(), (Times{100, 150, 400}));
  EXPECT_EQ(merger->status().code, ErrorCode::kOffsetGap);
}

// What was released of live is no time up to which all is there: partition 0 was at 1,000 and
// partition 1 at 100 when the stream was interrupted. Then came a late record of 500.
TEST_F(MergerTest, WhatIsResumedNeedsItsMergeKeysAndNotItsOffsetsAlone) {
  const auto resumed = [](int64_t merge_key) { return ReplayRange{1, 3, kNoCutoff, merge_key}; };
  make({resumed(1'000), resumed(100)});
  push(0, {500, 1'100});
  push(1, {600, 700});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{600, 700, 500, 1'100})) << "as in a replay of the whole";
  EXPECT_EQ(merger->partition(0).late_records(), 1);

  make({resumed(kSmallestMergeKey), resumed(kSmallestMergeKey)});
  push(0, {500, 1'100});
  push(1, {600, 700});
  EXPECT_EQ(merge(), Outcome::kReplayEnded);
  EXPECT_EQ(times(), (Times{500, 600, 700, 1'100}));
  EXPECT_EQ(merger->partition(0).late_records(), 0) << "nobody knows that it is late";
}

}  // namespace
}  // namespace tidemark::testing
