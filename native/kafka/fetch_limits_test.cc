#include "kafka/fetch_limits.h"

#include <gtest/gtest.h>

namespace tidemark::testing {
namespace {

constexpr size_t kKiB = 1024, kMiB = 1024 * kKiB;

TEST(FetchLimits, FewPartitionsAreReadAFetchOrTwoAhead) {
  const FetchLimits one = FetchLimits::of(256 * kMiB, 1), eight = FetchLimits::of(256 * kMiB, 8);
  EXPECT_EQ(one.queued_max_bytes, 2 * kMiB);
  EXPECT_EQ(eight.queued_max_bytes, 1536 * kKiB);
  EXPECT_EQ(eight.fetch_message_max_bytes, int{kMiB});
  EXPECT_EQ(eight.fetch_max_bytes, int{4 * kMiB});
  EXPECT_EQ(eight.share_bytes, 1 * kMiB);
}

// 8 partitions: a full queue, and a fetch of 1 MiB that becomes fourteen times as large.
TEST(FetchLimits, WhatCompressesAsRecordsDoIsDecompressedAsItArrives) {
  EXPECT_EQ(FetchLimits::of(256 * kMiB, 8).inflated_max_bytes, 16 * kMiB);
  EXPECT_EQ(FetchLimits::of(8 * kMiB, 8).inflated_max_bytes, 512 * kKiB);
}

TEST(FetchLimits, APartitionThatIsFetchedAloneTakesMore) {
  EXPECT_EQ(FetchLimits::of(256 * kMiB, 8).fetch_alone_bytes, int{2 * kMiB});
  // Each of them may have been alone once, and have its queue full since then.
  EXPECT_EQ(FetchLimits::of(256 * kMiB, 1'024).fetch_alone_bytes, int{64 * kKiB});
}

// With 64 partitions 60 MiB less than with a whole fetch, and no slower.
TEST(FetchLimits, ManyPartitionsHaveShortQueues) {
  EXPECT_EQ(FetchLimits::of(256 * kMiB, 16).queued_max_bytes, 768 * kKiB);
  EXPECT_EQ(FetchLimits::of(256 * kMiB, 64).queued_max_bytes, 256 * kKiB);
}

TEST(FetchLimits, AResponseHasRoomForEachOfManyPartitions) {
  EXPECT_EQ(FetchLimits::of(256 * kMiB, 256).fetch_max_bytes, int{16 * kMiB});
  EXPECT_EQ(FetchLimits::of(256 * kMiB, 1'000).fetch_max_bytes, int{50 * kMiB});
}

// A fetch takes a round trip, whatever it brings: 4 MiB in 100 ms are 40 MB/s.
TEST(FetchLimits, ALargerBudgetMakesLargerFetchesForBrokersThatAreFarAway) {
  const FetchLimits far = FetchLimits::of(2'048 * kMiB, 8);
  EXPECT_EQ(far.queued_max_bytes, 12 * kMiB);
  EXPECT_EQ(far.fetch_message_max_bytes, int{8 * kMiB});
  EXPECT_EQ(far.fetch_max_bytes, int{32 * kMiB});
  EXPECT_EQ(FetchLimits::of(size_t{1} << 40, 8).fetch_max_bytes, int{50 * kMiB});
}

TEST(FetchLimits, AResponseFitsTheReceiveLimitWithWhatIsAroundItsRecords) {
  FetchLimits limits = FetchLimits::of(256 * kMiB, 8);
  limits.fit_response_into(100'000'000);
  EXPECT_EQ(limits.fetch_max_bytes, int{4 * kMiB});
  limits.fit_response_into(1'000'512);
  EXPECT_EQ(limits.fetch_max_bytes, 875'448);
}

// The rest is for what is on its way, and for what the last fetch carries over a limit.
TEST(FetchLimits, QueuesAndSharesTakeThreeQuartersOfTheBudget) {
  for (const size_t partitions : {1, 2, 7, 8, 9, 64, 256, 1'000, 4'096}) {
    for (const size_t budget :
         {partitions * kMinBudgetPerPartition, 256 * kMiB, 4'096 * kMiB, size_t{1} << 40}) {
      const FetchLimits limits = FetchLimits::of(budget, partitions);
      const int64_t queue =
          std::max(limits.queued_max_bytes, int64_t{2} * limits.fetch_alone_bytes);
      EXPECT_LE((static_cast<size_t>(queue) + limits.share_bytes) * partitions, budget * 3 / 4)
          << partitions << " partitions, " << budget << " bytes";
      EXPECT_GE(limits.fetch_max_bytes, limits.fetch_message_max_bytes);
      EXPECT_EQ(limits.responses_max_bytes, static_cast<int64_t>(budget / 4));
      EXPECT_GE(limits.inflated_max_bytes, limits.queued_max_bytes);
      EXPECT_LE(static_cast<size_t>(limits.inflated_max_bytes) * partitions, budget / 2);
    }
  }
}

// 0 would be no limit. A broker brings one record batch, whatever it is asked for.
TEST(FetchLimits, ABudgetOfAByteIsALimit) {
  const FetchLimits limits = FetchLimits::of(1, 1'000);
  EXPECT_GT(limits.responses_max_bytes, 0);
  EXPECT_GT(limits.inflated_max_bytes, 0);
  EXPECT_GT(limits.queued_max_bytes, 0);
  EXPECT_GT(limits.queued_min_messages, 0);
  EXPECT_GT(limits.fetch_message_max_bytes, 0);
  EXPECT_GT(limits.fetch_max_bytes, 0);
}

}  // namespace
}  // namespace tidemark::testing
