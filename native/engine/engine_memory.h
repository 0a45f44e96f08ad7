// EngineMemory: where the memory of a manager is, in bytes, whoever has it at the moment.
#pragma once

#include <cstddef>

#include "columns/slab_pool.h"
#include "log/inflate_codec.h"
#include "source/source_memory.h"

namespace tidemark {

struct EngineMemory {
  SourceMemory sources;
  size_t decoding = 0;        // the partitions with their records that are decoded ahead
  size_t inflating = 0;       // windows over compressed record batches, and what is beside them
  size_t prepared_slabs = 0;  // being filled, or waiting for a poll
  SlabMemory slabs;
};

// What the engines of this process hold in all that is not malloc's. From any thread.
inline size_t mapped_memory_bytes() { return mapped_codec_bytes(); }

}  // namespace tidemark
