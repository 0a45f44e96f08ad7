#include "source/partition_demands.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using Partitions = std::vector<int32_t>;

const Place kPlace{"t", 3};
const LogExtent kLog{10, 20, 25};

Start at_offset(int64_t offset) { return {Start::Kind::kOffset, 0, offset, 77}; }

TEST(PartitionDemandsTest, ReadsAllPartitionsUnlessSomeAreNamed) {
  PartitionDemands demands;
  Partitions read;
  ASSERT_TRUE(demands.choose("t", {0, 1, 2}, End(), &read).ok());
  EXPECT_EQ(read, (Partitions{0, 1, 2}));
  demands.only = {2, 0};
  read.clear();
  ASSERT_TRUE(demands.choose("t", {0, 1, 2}, End(), &read).ok());
  EXPECT_EQ(read, (Partitions{0, 2}));
}

TEST(PartitionDemandsTest, NamesPartitionsThatAreNotThere) {
  for (int kind = 0; kind < 3; ++kind) {
    PartitionDemands demands;
    if (kind == 0) demands.only = {0, 7};
    if (kind == 1) demands.starts = {{7, at_offset(1)}};
    if (kind == 2) demands.end_offsets = {{0, 1}, {1, 1}, {7, 1}};
    Partitions read;
    const Status status = demands.choose("t", {0, 1}, End(), &read);
    EXPECT_EQ(status.code, ErrorCode::kUnknownPartition);
    EXPECT_EQ(status.partition, 7);
    EXPECT_EQ(status.message, "topic 't' has no partition 7, only partitions 0 and 1; name those");
  }
}

TEST(PartitionDemandsTest, NeedsAnEndOfEachPartitionThatIsRead) {
  PartitionDemands demands;
  demands.end_offsets = {{1, 5}};
  const End end{End::Kind::kOffsets, 0};
  Partitions read;
  EXPECT_EQ(demands.choose("t", {0, 1}, end, &read).code, ErrorCode::kMissingOffset);
  demands.only = {1};
  read.clear();
  EXPECT_TRUE(demands.choose("t", {0, 1}, end, &read).ok());
}

TEST(PartitionDemandsTest, NeedsAStartOfEachPartitionWhereTheTopicHasNone) {
  PartitionDemands demands;
  demands.starts = {{1, at_offset(5)}};
  EXPECT_TRUE(demands.check_starts("t", {0, 1}).ok());
  EXPECT_EQ(demands.start_of(1, Start()).offset, 5);
  EXPECT_EQ(demands.start_of(0, Start()).kind, Start::Kind::kEarliest);
  demands.needs_starts = true;
  const Status status = demands.check_starts("t", {0, 1, 2});
  EXPECT_EQ(status.code, ErrorCode::kMissingOffset);
  EXPECT_EQ(status.partition, 0);
  EXPECT_NE(status.message.find("for partitions 0 and 2"), std::string::npos) << status.message;
  demands.group = "etl";
  EXPECT_NE(demands.check_starts("t", {0, 1}).message.find("the group 'etl' has no commit"),
            std::string::npos);
}

TEST(PartitionDemandsTest, BeginsAtAnOffsetThatIsThere) {
  const PartitionDemands demands;
  for (const int64_t offset : {10, 15, 20, 25}) {
    ReplayRange range{};
    ASSERT_TRUE(demands.begin_in(kLog, kPlace, at_offset(offset), &range).ok()) << offset;
    EXPECT_EQ(range.start_offset, offset);
    EXPECT_EQ(range.start_merge_key, 77);
  }
}

TEST(PartitionDemandsTest, SaysHowManyOffsetsAreGone) {
  const PartitionDemands demands;
  ReplayRange range{};
  const Status gone = demands.begin_in(kLog, kPlace, at_offset(4), &range);
  EXPECT_EQ(gone.code, ErrorCode::kOffsetOutOfRange);
  EXPECT_EQ(gone.partition, 3);
  EXPECT_NE(gone.message.find("begins at offset 10 by now: 6 offsets from 4 on are gone"),
            std::string::npos)
      << gone.message;
  const Status beyond = demands.begin_in(kLog, kPlace, at_offset(26), &range);
  EXPECT_EQ(beyond.code, ErrorCode::kOffsetOutOfRange);
  EXPECT_NE(beyond.message.find("the log ends at offset 25, 1 before it"), std::string::npos)
      << beyond.message;
}

// With what is gone goes the merge key of the record before.
TEST(PartitionDemandsTest, BeginsElsewhereWhereAnOffsetIsNotThereAndThatIsSaid) {
  PartitionDemands demands;
  for (const int64_t offset : {4, 26}) {
    for (const OutOfRange policy : {OutOfRange::kEarliest, OutOfRange::kLatest}) {
      demands.out_of_range = policy;
      ReplayRange range{};
      ASSERT_TRUE(demands.begin_in(kLog, kPlace, at_offset(offset), &range).ok());
      EXPECT_EQ(range.start_offset, policy == OutOfRange::kEarliest ? 10 : 20);
      EXPECT_EQ(range.start_merge_key, kSmallestMergeKey);
    }
  }
}

TEST(PartitionDemandsTest, EndsWhereItIsToldTo) {
  PartitionDemands demands;
  ReplayRange range{};
  ASSERT_TRUE(demands.end_in(kLog, kPlace, End(), &range).ok());
  EXPECT_EQ(range.end_offset, 20);
  EXPECT_EQ(range.cutoff, kNoCutoff);
  ASSERT_TRUE(demands.end_in(kLog, kPlace, {End::Kind::kTime, 99}, &range).ok());
  EXPECT_EQ(range.end_offset, 20);
  EXPECT_EQ(range.cutoff, 99);
  for (const int64_t offset : {3, 10, 20}) {
    demands.end_offsets = {{3, offset}};
    ASSERT_TRUE(demands.end_in(kLog, kPlace, {End::Kind::kOffsets, 0}, &range).ok());
    EXPECT_EQ(range.end_offset, offset);
  }
}

TEST(PartitionDemandsTest, RefusesAnEndThatIsNotThereYet) {
  PartitionDemands demands;
  ReplayRange range{};
  demands.end_offsets = {{3, 21}};
  const Status open = demands.end_in(kLog, kPlace, {End::Kind::kOffsets, 0}, &range);
  EXPECT_EQ(open.code, ErrorCode::kOffsetOutOfRange);
  EXPECT_NE(open.message.find("transaction that is still open"), std::string::npos);
  demands.end_offsets = {{3, 26}};
  const Status future = demands.end_in(kLog, kPlace, {End::Kind::kOffsets, 0}, &range);
  EXPECT_NE(future.message.find("the log ends at offset 20"), std::string::npos) << future.message;
}

}  // namespace
}  // namespace tidemark
