// InputPartition: a partition that a source has assigned, and what it is called in the stream.
#pragma once

#include "log/partition_id.h"
#include "source/source.h"

namespace tidemark {

struct InputPartition {
  Source* source;
  AssignedPartition assigned;  // as the source knows it
  PartitionId id;
};

}  // namespace tidemark
