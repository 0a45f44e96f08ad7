// StallDetector: notices partitions that have more to come and get nothing, and says what is known
// of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/partition_table.h"
#include "engine/watchdog.h"
#include "merge/merger.h"
#include "status.h"

namespace tidemark {

class StallDetector {
 public:
  // Both must outlive this. A `timeout` of 0 turns it off.
  StallDetector(PartitionTable& partitions, const Merger& merger, std::chrono::milliseconds timeout)
      : partitions_(partitions), merger_(merger), timeout_(timeout), watchdog_(timeout) {}

  // ERR_STALLED when something stalls, else ok(). Cheap until it is due. `waited` is how long polls
  // have been waiting, all together.
  Status check(Watchdog::Duration waited);
  // How much longer they may wait until it is due.
  Watchdog::Duration patience() const { return watchdog_.remaining(); }
  // It has been told: every partition has the whole timeout again.
  void restart() { watchdog_.restart(); }

 private:
  // Where the partition ends, as far as is known.
  int64_t end_offset_of(const PartitionStream& stream, const Progress& progress) const;
  bool is_waited_for(PartitionStream& stream) const;
  Status describe(const std::vector<uint32_t>& slots) const;

  PartitionTable& partitions_;
  const Merger& merger_;
  const std::chrono::milliseconds timeout_;
  Watchdog watchdog_;
};

}  // namespace tidemark
