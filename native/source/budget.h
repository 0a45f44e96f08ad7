// Budget: how many bytes a stream may hold, and what that means for its number of partitions.
#pragma once

#include <algorithm>
#include <cstddef>

#include "errors.h"
#include "status.h"

namespace tidemark {

// Below this a partition cannot hold even one fetch of the smallest size.
constexpr size_t kMinBudgetPerPartition = 64 * 1024;

struct Budget {
  size_t bytes = 0;
  bool may_grow = false;  // nobody has said how much it may be at most

  size_t of(size_t partitions) const {
    return may_grow ? std::max(bytes, partitions * kMinBudgetPerPartition) : bytes;
  }

  Status check(size_t partitions) const {
    const size_t least = partitions * kMinBudgetPerPartition;
    if (of(partitions) >= least) return Status();
    return budget_too_small(bytes, partitions, least);
  }
};

}  // namespace tidemark
