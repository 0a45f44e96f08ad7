// Demand: what a stream wants of a source.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "log/end.h"
#include "log/start.h"
#include "source/budget.h"
#include "source/partition_demands.h"
#include "token/resume.h"

namespace tidemark {

struct TopicDemand {
  std::string name;
  Start start;
  PartitionDemands partitions{};
};

struct Demand {
  std::vector<TopicDemand> topics;
  End end;
  // Wins over the starts of the topics that it has, and where the replay goes on over the end.
  std::optional<Resume> resume;
  bool read_committed = true;
  Budget budget;
  // The partitions and their offsets must be known by then, from open() on.
  std::chrono::milliseconds open_timeout{0};
};

}  // namespace tidemark
