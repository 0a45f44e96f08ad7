// Mailbox: between the engine's thread and the event loop. Demand goes in, answers come out; it
// holds one prepared answer at most.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "clock.h"
#include "columns/slab.h"
#include "engine/stream_state.h"
#include "source/client_event.h"
#include "source/wake_up.h"
#include "status.h"

namespace tidemark {

// What a poll resolves or rejects with.
struct Answer {
  std::unique_ptr<Slab> slab;  // null: no rows
  StreamState state;
  Status error;  // not ok: the poll rejects; with put_final() every later one does, too
};

class Mailbox {
 public:
  // `ring` wakes the event loop: it may be called from any thread and is never called under the
  // mailbox's lock.
  Mailbox(WakeUp& engine, std::function<void()> ring);

  // --- the event loop's side ------------------------------------------------------------------
  // False when a poll is pending already.
  bool request_poll(Clock::time_point deadline);
  // Withdraws the pending poll. Rows that were answered already stay for the next one.
  void cancel_poll();
  std::optional<Answer> take_answer();
  std::optional<Status> take_opened();
  std::vector<LogLine> take_logs();
  std::vector<ClientEvent> take_client_events();
  bool take_token_request();
  bool is_closed();

  // --- the engine's side ----------------------------------------------------------------------
  // What the engine goes to sleep with. A wake-up takes a core from who makes it, which is the
  // event loop with a batch in its hands: there is none without a reason.
  struct Sleep {
    Clock::time_point until;
    Clock::duration patience;  // how much longer a poll may wait until the engine is to look
    bool has_more;             // it goes on with the next answer as soon as there is room
    bool is_answerable;        // it has what answers a poll
  };

  // To be called right before the engine sleeps. Until when it may: the epoch where it may not.
  Clock::time_point begin_sleep(const Sleep& sleep);
  // How long polls have been waiting for their answers, all together.
  Clock::duration time_waited();
  // The deadline of the poll that waits for an answer, if one does.
  std::optional<Clock::time_point> demand();
  // True when a further answer can be put.
  bool is_empty();
  void put(Answer answer);
  // From now on every poll is answered with this, after what was put before.
  void put_final(Status error);
  void put_opened(Status status);
  void put_log(LogLine line);
  void put_client_event(ClientEvent event);
  void put_token_request();
  void put_closed();

 private:
  void ring_if(bool waiting) {
    if (waiting) ring_();
  }
  bool is_waiting() const { return poll_pending_ && !answer_ && !final_; }
  // When the engine is to look after a poll that waits at `now`.
  Clock::time_point due_at(Clock::time_point now) const;
  // To be called when is_waiting() may have become false.
  void stop_clock();
  // Whether `answer` is worth keeping for a poll that it was not made for.
  bool is_news(const Answer& answer) const;

  WakeUp& engine_;
  const std::function<void()> ring_;
  std::mutex mutex_;
  bool poll_pending_ = false;
  Clock::time_point deadline_;                      // of the last poll
  std::optional<Clock::time_point> waiting_since_;  // while a poll waits for an answer
  Clock::duration waited_{};                        // by the polls before it
  Sleep sleep_{};                                   // of the last time
  std::optional<Answer> answer_;
  bool is_live_taken_ = false;  // an answer that says so was
  std::optional<Status> final_;
  std::optional<Status> opened_;
  std::vector<LogLine> logs_;
  size_t dropped_logs_ = 0;
  std::vector<ClientEvent> client_events_;
  size_t dropped_events_ = 0;
  bool token_requested_ = false;
  bool closed_ = false;
};

}  // namespace tidemark
