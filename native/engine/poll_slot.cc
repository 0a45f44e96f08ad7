#include "engine/poll_slot.h"

#include <algorithm>
#include <utility>

namespace tidemark {

// Rows, or that the stream is in another phase now. Anything else says that a deadline has passed,
// or is a stall: if its poll was withdrawn, the next one has times of its own. What the state says
// is not lost, since a later answer carries it too.
bool PollSlot::is_news(const Answer& answer) const {
  return answer.slab || (answer.error.ok() && answer.state.phase > taken_phase_);
}

bool PollSlot::request_poll(Clock::time_point deadline) {
  bool is_answered;
  bool wakes_engine = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (is_pending_) return false;
    is_pending_ = true;
    deadline_ = deadline;
    is_answered = !is_waiting();
    if (!is_answered) {
      waiting_since_ = Clock::now();
      // An engine that is awake looks again before it sleeps.
      wakes_engine =
          sleep_.is_answerable || due_at(sleep_, deadline, *waiting_since_) < sleep_.until;
    }
  }
  if (is_answered) ring_();  // answered in a later turn of the event loop, never in this one
  if (wakes_engine) engine_.ring();
  return true;
}

void PollSlot::cancel_poll() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_pending_ = false;
    stop_clock();
    if (answer_ && !is_news(*answer_)) answer_.reset();
  }
  engine_.ring();  // its clocks stop
}

std::optional<Answer> PollSlot::take_answer() {
  std::optional<Answer> answer;
  bool wakes_engine;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!is_pending_ || (!answer_ && !final_)) return std::nullopt;
    is_pending_ = false;
    if (answer_) {
      answer = std::exchange(answer_, std::nullopt);
      if (answer->error.ok()) taken_phase_ = std::max(taken_phase_, answer->state.phase);
    } else {
      answer.emplace();
      answer->error = *final_;
    }
    wakes_engine = sleep_.has_more;
  }
  if (wakes_engine) engine_.ring();
  return answer;
}

size_t PollSlot::slab_bytes() {
  std::lock_guard<std::mutex> lock(mutex_);
  return answer_ && answer_->slab ? answer_->slab->bytes() : 0;
}

Clock::time_point PollSlot::begin_sleep(const Sleep& sleep) {
  std::lock_guard<std::mutex> lock(mutex_);
  sleep_ = sleep;
  const Clock::time_point until =
      sleep_until(sleep, {is_waiting(), answer_.has_value(), deadline_}, Clock::now());
  if (until != kNotAtAll) sleep_.until = until;
  return until;
}

Clock::duration PollSlot::time_waited() {
  std::lock_guard<std::mutex> lock(mutex_);
  return waiting_since_ ? waited_ + (Clock::now() - *waiting_since_) : waited_;
}

void PollSlot::stop_clock() {
  if (!waiting_since_ || is_waiting()) return;
  waited_ += Clock::now() - *waiting_since_;
  waiting_since_.reset();
}

std::optional<Clock::time_point> PollSlot::deadline() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!is_waiting()) return std::nullopt;
  return deadline_;
}

bool PollSlot::is_empty() {
  std::lock_guard<std::mutex> lock(mutex_);
  return !answer_;
}

void PollSlot::put(Answer answer) {
  bool is_wanted;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_wanted = is_pending_;
    if (!is_news(answer)) {
      // Its poll was withdrawn while it was made, and another one may be pending by now.
      const bool is_early = answer.error.ok() && Clock::now() < deadline_;
      if (!is_wanted || is_early) return;
    }
    answer_ = std::move(answer);
    stop_clock();
  }
  if (is_wanted) ring_();
}

void PollSlot::put_final(Status error) {
  bool is_wanted;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    final_ = std::move(error);
    stop_clock();
    is_wanted = is_pending_;
  }
  if (is_wanted) ring_();
}

}  // namespace tidemark
