// Sleep: what the engine goes to sleep with. A wake-up takes a core from who makes it, which is the
// event loop with a batch in its hands: there is none without a reason.
#pragma once

#include <algorithm>
#include <chrono>

#include "clock.h"

namespace tidemark {

struct Sleep {
  Clock::time_point until;
  // How much longer a poll may wait for its answer until the engine is to look after it.
  Clock::duration patience = Clock::duration::max();
  bool has_more = false;       // it goes on with the next answer as soon as there is room
  bool is_answerable = false;  // it has what answers a poll
};

// Until when an engine sleeps that is not to sleep.
constexpr Clock::time_point kNotAtAll{};

// Patience stands still while nobody waits: with hardly any of it left the engine would spin.
constexpr Clock::duration kLeastPatience = std::chrono::milliseconds(10);

// When the engine is to look after a poll that waits at `now` until `deadline`.
inline Clock::time_point due_at(const Sleep& sleep, Clock::time_point deadline,
                                Clock::time_point now) {
  const Clock::duration patience = std::max(sleep.patience, kLeastPatience);
  const bool has_end = patience < Clock::time_point::max() - now;
  return has_end ? std::min(deadline, now + patience) : deadline;
}

// What there is of polls when the engine goes to sleep.
struct PollView {
  bool is_waiting;             // for an answer
  bool is_answered;            // an answer waits to be taken
  Clock::time_point deadline;  // of the last poll
};

// Until when the engine may sleep.
inline Clock::time_point sleep_until(const Sleep& sleep, const PollView& poll,
                                     Clock::time_point now) {
  if (sleep.has_more && !poll.is_answered) return kNotAtAll;
  if (poll.is_waiting && sleep.is_answerable) return kNotAtAll;
  // Who was answered will poll again, with a deadline past this one, and need not wake it for that.
  if (poll.is_waiting || now < poll.deadline)
    return std::min(sleep.until, due_at(sleep, poll.deadline, now));
  return sleep.until;
}

}  // namespace tidemark
