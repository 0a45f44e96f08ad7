// ProgressWatch: the watchdog on an engine's partitions, and what it tells of those that stall.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "engine/feeds.h"
#include "engine/watchdog.h"
#include "kafka/client.h"
#include "merge/merger.h"
#include "status.h"

namespace tidemark {

class ProgressWatch {
 public:
  // All of them must outlive this. A `timeout` of 0 turns it off.
  ProgressWatch(const Client& client, const Merger& merger, const Feeds& feeds,
                std::chrono::milliseconds timeout);

  void run(Watchdog::Time now, bool is_pending) { watchdog_.run(now, is_pending); }
  Watchdog::Time due_at() const { return watchdog_.due_at(); }
  // ERR_STALLED when something stalls, else ok(). Cheap until it is due.
  Status check();
  // It has been told: every partition has the whole timeout again.
  void restart() { watchdog_.restart(); }

 private:
  struct Progress {
    bool is_waited_for;
    int64_t end_offset;
    int32_t broker_id;
  };

  Progress progress_of(size_t index) const;
  Status describe(const std::vector<uint32_t>& stalled) const;

  const Client& client_;
  const Merger& merger_;
  const Feeds& feeds_;
  const std::chrono::milliseconds timeout_;
  Watchdog watchdog_;
};

}  // namespace tidemark
