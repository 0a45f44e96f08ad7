// StreamState: what the caller may know of the stream as of the last row that was released. The
// engine works ahead, so each answer carries its own.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace tidemark {

struct PartitionStats;
struct ResolvedPartition;

struct StreamState {
  struct Partition {
    // The engine's, for as long as it lives.
    const ResolvedPartition* resolved;
    const PartitionStats* stats;
    std::optional<int64_t> released_offset;
    int64_t late_records = 0;
    int64_t missing_offsets = 0;
    bool is_live = false;
  };

  bool is_live = false;
  std::optional<int64_t> low_water_mark;
  int64_t released_records = 0;
  std::vector<Partition> partitions;  // in the order (topic, partition)
};

}  // namespace tidemark
