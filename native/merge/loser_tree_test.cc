#include "merge/loser_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "test_support/dice.h"

namespace tidemark {
namespace {

using testing::Dice;

TEST(TreeKey, OrdersByBoundThenMergeKeyThenSlot) {
  constexpr int64_t kSmallest = std::numeric_limits<int64_t>::min();
  constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
  const std::vector<TreeKey> ascending = {
      tree_key(ReleaseBound::kNothing, kLargest, 7), tree_key(ReleaseBound::kHead, kSmallest, 3),
      tree_key(ReleaseBound::kHead, -1, 9),          tree_key(ReleaseBound::kHead, 0, 0),
      tree_key(ReleaseBound::kHead, 0, 1),           tree_key(ReleaseBound::kHead, 1, 0),
      tree_key(ReleaseBound::kHead, kLargest, 0),    tree_key(ReleaseBound::kNone, kSmallest, 0)};
  EXPECT_TRUE(std::is_sorted(ascending.begin(), ascending.end()));
  EXPECT_EQ(merge_key_of(ascending[1]), kSmallest);
  EXPECT_EQ(merge_key_of(ascending[6]), kLargest);
  EXPECT_EQ(slot_of(ascending[2]), 9u);
  EXPECT_EQ(bound_of(ascending[7]), ReleaseBound::kNone);
}

TEST(LoserTree, WithoutLeavesNobodyHasAHead) {
  LoserTree tree;
  EXPECT_EQ(bound_of(tree.winner()), ReleaseBound::kNone);
  tree.build({});
  EXPECT_EQ(bound_of(tree.winner()), ReleaseBound::kNone);
}

TEST(LoserTree, WinnerAndRunnerUpAreTheTwoSmallest) {
  Dice dice(3);
  for (size_t leaves = 1; leaves <= 70; ++leaves) {
    std::vector<TreeKey> keys;
    for (uint32_t slot = 0; slot < leaves; ++slot) {
      keys.push_back(tree_key(ReleaseBound::kHead, dice.below(30) - 15, slot));
    }
    LoserTree tree;
    tree.build(keys);
    for (int i = 0; i < 500; ++i) {
      std::vector<TreeKey> sorted = keys;
      std::sort(sorted.begin(), sorted.end());
      ASSERT_TRUE(tree.winner() == sorted[0]);
      if (leaves == 1) {
        ASSERT_EQ(bound_of(tree.runner_up()), ReleaseBound::kNone);
      } else {
        ASSERT_TRUE(tree.runner_up() == sorted[1]);
      }
      const uint32_t slot = slot_of(tree.winner());
      const auto bound = static_cast<ReleaseBound>(dice.below(3));  // up or down
      keys[slot] = tree_key(bound, dice.below(1000), slot);
      tree.replace_winner(keys[slot]);
    }
  }
}

}  // namespace
}  // namespace tidemark
