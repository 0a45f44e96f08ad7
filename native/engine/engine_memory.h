// EngineMemory: where the memory of a manager is, in bytes, whoever has it at the moment.
#pragma once

#include <cstddef>

#include "columns/slab_pool.h"
#include "source/source_memory.h"

namespace tidemark {

struct EngineMemory {
  SourceMemory sources;
  size_t decoding = 0;        // the partitions with their records that are decoded ahead
  size_t prepared_slabs = 0;  // being filled, or waiting for a poll
  SlabMemory slabs;
};

}  // namespace tidemark
