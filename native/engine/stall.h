// Stall: what is told of partitions where nothing arrives, though the broker has more.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "log/partition_id.h"
#include "merge/merger.h"
#include "source/source.h"
#include "status.h"

namespace tidemark {

struct Stall {
  PartitionId id;  // the first of those that are stalled
  int64_t position = 0;
  int64_t end_offset = 0;  // negative: not known
  StallFacts facts;

  std::vector<PartitionId> others;   // stalled too
  std::vector<PartitionId> waiting;  // they hold records that wait for those above
  int64_t waiting_records = 0;
};

// Who waits in `merger`: in live nobody does.
void note_waiting(const Merger& merger, Stall* stall);

// ERR_STALLED, which is retriable.
Status stall_error(const Stall& stall, std::chrono::milliseconds timeout);

}  // namespace tidemark
