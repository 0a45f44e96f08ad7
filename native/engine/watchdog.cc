#include "engine/watchdog.h"

namespace tidemark {

Watchdog::Watchdog(std::chrono::milliseconds timeout)
    : is_on_(timeout.count() > 0), timeout_(timeout), step_(timeout_ / 8), due_(step_) {}

std::vector<uint32_t> Watchdog::look(size_t partitions,
                                     const std::function<Look(size_t)>& look_at) {
  waits_.resize(partitions);
  due_ = watched_ + step_;
  std::vector<uint32_t> stalled;
  for (size_t i = 0; i < waits_.size(); ++i) {
    Wait& wait = waits_[i];
    const Look look = look_at(i);
    const bool goes_on = wait.is_on && look.is_waited_for && wait.position == look.position;
    if (!goes_on) {
      wait = {look.is_waited_for, look.position, watched_};
    } else if (watched_ - wait.since >= timeout_) {
      stalled.push_back(static_cast<uint32_t>(i));
    }
  }
  return stalled;
}

void Watchdog::restart() {
  for (Wait& wait : waits_)
    wait.is_on = false;
}

}  // namespace tidemark
