// StreamState: what the caller may know of the stream as of the last row that was released. The
// engine works ahead, so each answer carries its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "log/frontier.h"
#include "log/phase.h"
#include "merge/row_digest.h"

namespace tidemark {

struct PartitionStats;

struct StreamState {
  struct Partition {
    std::shared_ptr<const PartitionStats> stats;
    std::optional<int64_t> released_offset;
    int64_t late_records = 0;
    int64_t missing_offsets = 0;
    bool is_live = false;
    Frontier frontier{};
  };

  Phase phase = Phase::kReplay;
  std::optional<int64_t> watermark;
  int64_t released_records = 0;
  RowDigest digest{};                 // of those, with digests
  std::vector<Partition> partitions;  // in the order (topic, partition, source)

  bool is_live() const { return phase == Phase::kLive; }
};

}  // namespace tidemark
