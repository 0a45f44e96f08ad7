// PollSlot: between the event loop, which polls, and the engine's thread, which answers. One poll
// at a time, and one prepared answer at most.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "clock.h"
#include "columns/slab.h"
#include "engine/sleep.h"
#include "engine/stream_state.h"
#include "log/phase.h"
#include "source/bell.h"
#include "status.h"

namespace tidemark {

// What a poll resolves or rejects with.
struct Answer {
  std::unique_ptr<Slab> slab;  // null: no rows
  StreamState state;
  Status error;  // not ok: the poll rejects; with put_final() every later one does, too
};

class PollSlot {
 public:
  // `ring` wakes the event loop: it may be called from any thread and is never called under the
  // slot's lock.
  PollSlot(Bell& engine, std::function<void()> ring) : engine_(engine), ring_(std::move(ring)) {}

  // --- the event loop's side ------------------------------------------------------------------
  // False when a poll is pending already.
  bool request_poll(Clock::time_point deadline);
  // Withdraws the pending poll. Rows that were answered already stay for the next one.
  void cancel_poll();
  std::optional<Answer> take_answer();
  // Of the slab that waits for a poll.
  size_t slab_bytes();

  // --- the engine's side ----------------------------------------------------------------------
  // To be called right before the engine sleeps. Until when it may: kNotAtAll where it may not.
  Clock::time_point begin_sleep(const Sleep& sleep);
  // How long polls have been waiting for their answers, all together.
  Clock::duration time_waited();
  // The deadline of the poll that waits for an answer, if one does.
  std::optional<Clock::time_point> deadline();
  // True when a further answer can be put.
  bool is_empty();
  void put(Answer answer);
  // From now on every poll is answered with this, after what was put before.
  void put_final(Status error);

 private:
  bool is_waiting() const { return is_pending_ && !answer_ && !final_; }
  // To be called when is_waiting() may have become false.
  void stop_clock();
  // Whether `answer` is worth keeping for a poll that it was not made for.
  bool is_news(const Answer& answer) const;

  Bell& engine_;
  const std::function<void()> ring_;
  std::mutex mutex_;
  bool is_pending_ = false;
  Clock::time_point deadline_;                      // of the last poll
  std::optional<Clock::time_point> waiting_since_;  // while a poll waits for an answer
  Clock::duration waited_{};                        // by the polls before it
  Sleep sleep_{};                                   // what the engine went to sleep with last
  std::optional<Answer> answer_;
  Phase taken_phase_ = Phase::kReplay;  // the last of those that were told
  std::optional<Status> final_;
};

}  // namespace tidemark
