// PartitionHandle: names a partition of a stream. A slot is used again when its partition is gone;
// the generation tells the two apart, so that what comes late for the old one is dropped.
#pragma once

#include <cstdint>

namespace tidemark {

struct PartitionHandle {
  uint32_t slot = 0;
  uint32_t generation = 0;

  friend bool operator==(const PartitionHandle& a, const PartitionHandle& b) {
    return a.slot == b.slot && a.generation == b.generation;
  }
};

}  // namespace tidemark
