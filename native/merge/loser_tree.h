// LoserTree: a tournament over the heads of k partitions. Each inner node keeps the loser of its
// match with its whole key, so that a new head of the winner is placed by log2(k) comparisons
// along one path, without a look at any partition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "merge/release_rule.h"

namespace tidemark {

// (bound, merge key, slot) as one number: a comparison without branches. Slots are the leaves'
// places; whoever fills the tree gives them in the order of ties.
__extension__ using TreeKey = unsigned __int128;

constexpr TreeKey tree_key(ReleaseBound bound, int64_t merge_key, uint32_t slot) {
  // The order of signed numbers is that of unsigned ones with the sign bit flipped.
  const uint64_t biased = static_cast<uint64_t>(merge_key) ^ (uint64_t{1} << 63);
  return static_cast<TreeKey>(bound) << 96 | static_cast<TreeKey>(biased) << 32 | slot;
}

inline ReleaseBound bound_of(TreeKey key) { return static_cast<ReleaseBound>(key >> 96); }
inline int64_t merge_key_of(TreeKey key) {
  return static_cast<int64_t>(static_cast<uint64_t>(key >> 32) ^ (uint64_t{1} << 63));
}
inline uint32_t slot_of(TreeKey key) { return static_cast<uint32_t>(key); }

class LoserTree {
 public:
  void reserve(size_t leaves);
  // Starts a new tournament: the key at place i of `leaves` has slot i.
  void build(const std::vector<TreeKey>& leaves);

  // The smallest key; one of kNone when there is no leaf.
  TreeKey winner() const { return nodes_[0]; }

  // The smallest key but the winner's: it lost to the winner, so it lies on the winner's path.
  TreeKey runner_up() const {
    TreeKey least = kNoLeaf;
    for (size_t node = parent_of_leaf(slot_of(nodes_[0])); node > 0; node /= 2) {
      least = nodes_[node] < least ? nodes_[node] : least;
    }
    return least;
  }

  // Gives the winner's leaf a new key, of the same slot.
  void replace_winner(TreeKey key) {
    for (size_t node = parent_of_leaf(slot_of(key)); node > 0; node /= 2) {
      const TreeKey other = nodes_[node];
      const bool loses = other < key;
      nodes_[node] = loses ? key : other;
      key = loses ? other : key;
    }
    nodes_[0] = key;
  }

 private:
  static constexpr TreeKey kNoLeaf =
      tree_key(ReleaseBound::kNone, std::numeric_limits<int64_t>::max(), ~uint32_t{0});

  size_t parent_of_leaf(uint32_t slot) const { return (leaves_ + slot) / 2; }

  size_t leaves_ = 0;
  std::vector<TreeKey> nodes_{kNoLeaf};  // [0] the winner, [1..leaves) the losers
  std::vector<TreeKey> winners_;         // of each subtree, while building
};

}  // namespace tidemark
