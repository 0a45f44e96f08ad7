#include "engine/mailbox.h"

#include <algorithm>
#include <utility>

namespace tidemark {
namespace {

// An event loop that is blocked must not make the process grow: the oldest are kept.
constexpr size_t kMostLogLines = 10'000;
constexpr size_t kMostClientEvents = 10'000;
constexpr int kSyslogWarning = 4;

// Patience stands still while nobody waits: with hardly any of it left the engine would spin.
constexpr Clock::duration kLeastPatience = std::chrono::milliseconds(10);

}  // namespace

Mailbox::Mailbox(WakeUp& engine, std::function<void()> ring)
    : engine_(engine), ring_(std::move(ring)) {}

// Rows, or that the stream is live now. Anything else says that a deadline has passed, or is a
// stall: if its poll was withdrawn, the next one has times of its own. What the state says is not
// lost, since a later answer carries it too.
bool Mailbox::is_news(const Answer& answer) const {
  return answer.slab || (answer.error.ok() && answer.state.is_live() && !is_live_taken_);
}

bool Mailbox::request_poll(Clock::time_point deadline) {
  bool answered;
  bool wakes_engine = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (poll_pending_) return false;
    poll_pending_ = true;
    deadline_ = deadline;
    answered = !is_waiting();
    if (!answered) {
      waiting_since_ = Clock::now();
      // An engine that is awake looks again before it sleeps.
      wakes_engine = sleep_.is_answerable || due_at(*waiting_since_) < sleep_.until;
    }
  }
  if (answered) ring_();  // answered in a later turn of the event loop, never in this one
  if (wakes_engine) engine_.ring();
  return true;
}

void Mailbox::cancel_poll() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    poll_pending_ = false;
    stop_clock();
    if (answer_ && !is_news(*answer_)) answer_.reset();
  }
  engine_.ring();  // its clocks stop
}

std::optional<Answer> Mailbox::take_answer() {
  std::optional<Answer> answer;
  bool wakes_engine;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!poll_pending_ || (!answer_ && !final_)) return std::nullopt;
    poll_pending_ = false;
    if (answer_) {
      answer = std::exchange(answer_, std::nullopt);
      is_live_taken_ |= answer->error.ok() && answer->state.is_live();
    } else {
      answer.emplace();
      answer->error = *final_;
    }
    wakes_engine = sleep_.has_more;
  }
  if (wakes_engine) engine_.ring();
  return answer;
}

std::optional<Status> Mailbox::take_opened() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(opened_, std::nullopt);
}

std::vector<LogLine> Mailbox::take_logs() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (const size_t dropped = std::exchange(dropped_logs_, 0)) {
    logs_.push_back(
        {kSyslogWarning, "TIDEMARK",
         std::to_string(dropped) + " log lines were dropped while the event loop was busy"});
  }
  return std::exchange(logs_, {});
}

std::vector<ClientEvent> Mailbox::take_client_events() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (const size_t dropped = std::exchange(dropped_events_, 0)) {
    client_events_.emplace_back(ClientEvent::Type::kEventsDropped);
    client_events_.back().count = dropped;
  }
  return std::exchange(client_events_, {});
}

bool Mailbox::take_token_request() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(token_requested_, false);
}

bool Mailbox::is_closed() {
  std::lock_guard<std::mutex> lock(mutex_);
  return closed_;
}

Clock::time_point Mailbox::due_at(Clock::time_point now) const {
  const bool has_end = sleep_.patience < Clock::time_point::max() - now;
  return has_end ? std::min(deadline_, now + sleep_.patience) : deadline_;
}

Clock::time_point Mailbox::begin_sleep(const Sleep& sleep) {
  constexpr Clock::time_point kNotAtAll{};
  std::lock_guard<std::mutex> lock(mutex_);
  sleep_ = sleep;
  sleep_.patience = std::max(sleep.patience, kLeastPatience);
  if (sleep.has_more && !answer_) return kNotAtAll;
  if (is_waiting() && sleep.is_answerable) return kNotAtAll;
  // Who was answered will poll again, with a deadline past this one, and need not wake it for that.
  const Clock::time_point now = Clock::now();
  if (is_waiting() || now < deadline_) sleep_.until = std::min(sleep.until, due_at(now));
  return sleep_.until;
}

Clock::duration Mailbox::time_waited() {
  std::lock_guard<std::mutex> lock(mutex_);
  return waiting_since_ ? waited_ + (Clock::now() - *waiting_since_) : waited_;
}

void Mailbox::stop_clock() {
  if (!waiting_since_ || is_waiting()) return;
  waited_ += Clock::now() - *waiting_since_;
  waiting_since_.reset();
}

std::optional<Clock::time_point> Mailbox::demand() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!is_waiting()) return std::nullopt;
  return deadline_;
}

bool Mailbox::is_empty() {
  std::lock_guard<std::mutex> lock(mutex_);
  return !answer_;
}

void Mailbox::put(Answer answer) {
  bool waiting;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    waiting = poll_pending_;
    if (!is_news(answer)) {
      // Its poll was withdrawn while it was made, and another one may be pending by now.
      const bool is_early = answer.error.ok() && Clock::now() < deadline_;
      if (!waiting || is_early) return;
    }
    answer_ = std::move(answer);
    stop_clock();
  }
  ring_if(waiting);
}

void Mailbox::put_final(Status error) {
  bool waiting;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    final_ = std::move(error);
    stop_clock();
    waiting = poll_pending_;
  }
  ring_if(waiting);
}

void Mailbox::put_opened(Status status) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    opened_ = std::move(status);
  }
  ring_();
}

void Mailbox::put_log(LogLine line) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (logs_.size() == kMostLogLines) {
      ++dropped_logs_;
      return;
    }
    logs_.push_back(std::move(line));
  }
  ring_();
}

void Mailbox::put_client_event(ClientEvent event) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (client_events_.size() == kMostClientEvents) {
      ++dropped_events_;
      return;
    }
    client_events_.push_back(std::move(event));
  }
  ring_();
}

void Mailbox::put_token_request() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    token_requested_ = true;
  }
  ring_();
}

void Mailbox::put_closed() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  ring_();
}

}  // namespace tidemark
