#include "merge/loser_tree.h"

#include <algorithm>

namespace tidemark {

void LoserTree::reserve(size_t leaves) {
  nodes_.reserve(std::max<size_t>(leaves, 1));
  winners_.reserve(2 * leaves);
}

void LoserTree::build(const std::vector<TreeKey>& leaves) {
  leaves_ = leaves.size();
  nodes_.assign(std::max<size_t>(leaves_, 1), kNoLeaf);
  if (leaves_ == 0) return;
  // The nodes lie as in a heap: the children of i are 2i and 2i + 1, the leaves come last.
  winners_.assign(leaves_, kNoLeaf);
  winners_.insert(winners_.end(), leaves.begin(), leaves.end());
  for (size_t node = leaves_ - 1; node > 0; --node) {
    const TreeKey left = winners_[2 * node];
    const TreeKey right = winners_[2 * node + 1];
    winners_[node] = std::min(left, right);
    nodes_[node] = std::max(left, right);
  }
  nodes_[0] = winners_[1];
}

}  // namespace tidemark
