// Origin: what records of one partition and one record batch have in common.
#pragma once

#include <cstdint>

namespace tidemark {

struct Origin {
  int32_t topic_index;  // as in PartitionId
  int32_t partition;
  int16_t attributes;        // of the record batch, as on the wire
  int32_t source_index = 0;  // as in PartitionId
};

}  // namespace tidemark
