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
  ProgressWatch(const Client& client, const Merger& merger, Feeds& feeds,
                std::chrono::milliseconds timeout);

  // ERR_STALLED when something stalls, else ok(). Cheap until it is due. `waited` is how long polls
  // have been waiting, all together.
  Status check(Watchdog::Duration waited);
  // How much longer they may wait until it is due.
  Watchdog::Duration patience() const { return watchdog_.remaining(); }
  // It has been told: every partition has the whole timeout again.
  void restart() { watchdog_.restart(); }

 private:
  struct Progress {
    bool is_waited_for;
    int64_t end_offset;
    Client::Progress known;  // as of the last fetch response
    bool is_at_end;          // the same
  };

  Progress progress_of(size_t index) const;
  Status describe(const std::vector<uint32_t>& stalled) const;

  const Client& client_;
  const Merger& merger_;
  Feeds& feeds_;
  const std::chrono::milliseconds timeout_;
  Watchdog watchdog_;
};

}  // namespace tidemark
