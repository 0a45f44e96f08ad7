#include "kafka/group_commits.h"

#include <gtest/gtest.h>

#include <limits>

namespace tidemark {
namespace {

TEST(GroupCommitsTest, ReadsTheMergeKeyOfItsOwnMetadata) {
  EXPECT_EQ(merge_key_in("tidemark/1 1700000000000"), 1'700'000'000'000);
  EXPECT_EQ(merge_key_in("tidemark/1 0"), 0);
  EXPECT_EQ(merge_key_in("tidemark/1 -5"), -5);
  EXPECT_EQ(merge_key_in("tidemark/1 9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(merge_key_in("tidemark/1 -9223372036854775808"), std::numeric_limits<int64_t>::min());
}

TEST(GroupCommitsTest, LeavesTheMetadataOfOthersAlone) {
  for (const char* other : {"", "tidemark", "tidemark/1", "tidemark/1 ", "tidemark/2 5",
                            "tidemark/1 x", "tidemark/1 05", "tidemark/1 +5", "tidemark/1  5",
                            "tidemark/1 5 ", "tidemark/1 9223372036854775808", "xtidemark/1 5"}) {
    EXPECT_EQ(merge_key_in(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace tidemark
