#include "merge/release_rule.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

// One test a row of the table in docs/ordering.md.
TEST(ReleaseRule, AHeadBoundsByItsMergeKey) {
  EXPECT_EQ(release_bound(true, false), ReleaseBound::kHead);
}

TEST(ReleaseRule, AHeadBoundsAlsoWhenTheEndIsKnown) {
  EXPECT_EQ(release_bound(true, true), ReleaseBound::kHead);
}

TEST(ReleaseRule, EmptyAndProvenAtItsEndSetsNoBound) {
  EXPECT_EQ(release_bound(false, true), ReleaseBound::kNone);
}

TEST(ReleaseRule, EmptyAndNotProvenAtItsEndHoldsUpEverything) {
  EXPECT_EQ(release_bound(false, false), ReleaseBound::kNothing);
}

TEST(ReleaseRule, WhoMayHoldUpTheOthersComesFirst) {
  EXPECT_LT(ReleaseBound::kNothing, ReleaseBound::kHead);
  EXPECT_LT(ReleaseBound::kHead, ReleaseBound::kNone);
}

}  // namespace
}  // namespace tidemark
