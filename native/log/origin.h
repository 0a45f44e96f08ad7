// Origin: what records of one partition and one record batch have in common.
#pragma once

#include <cstdint>

namespace tidemark {

struct Origin {
  int32_t topic_index;  // as in TopicPartition
  int32_t partition;
  int16_t attributes;  // of the record batch, as on the wire
};

}  // namespace tidemark
