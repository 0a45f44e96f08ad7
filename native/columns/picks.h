// Picks: records that the merge has released, as the writers of columns get them.
#pragma once

#include <cstddef>

#include "log/origin.h"
#include "log/record.h"

namespace tidemark {

// A block of picks, in the order of their rows: a run of one partition, where it was decoded, or
// copies of short runs of many.
struct Picks {
  const Record* records;
  const Origin* origins;
  size_t origin_step;  // 0: all have the same
  size_t count;

  const Origin& origin(size_t i) const { return origins[i * origin_step]; }
};

}  // namespace tidemark
