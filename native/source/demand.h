// Demand: what a stream wants of a source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "clock.h"
#include "log/end.h"
#include "log/start.h"

namespace tidemark {

struct TopicDemand {
  std::string name;
  int32_t index = 0;  // of the topic in the stream: it becomes TopicPartition::topic_index
  Start start;
};

struct Demand {
  std::vector<TopicDemand> topics;
  End end;
  bool read_committed = true;
  size_t max_buffered_bytes = 0;
  // When the partitions must be known at the latest, and how long that was from the beginning.
  Clock::time_point deadline = Clock::time_point::max();
  int64_t create_timeout_ms = 0;
};

}  // namespace tidemark
