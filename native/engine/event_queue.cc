#include "engine/event_queue.h"

#include <utility>

namespace tidemark {
namespace {

// An event loop that is blocked must not make the process grow: the oldest are kept.
constexpr size_t kMostOfAKind = 10'000;
constexpr int kSyslogWarning = 4;

// False where there are too many already.
template <typename T>
bool push(std::vector<T>& queue, size_t& dropped, T&& item) {
  if (queue.size() == kMostOfAKind) {
    ++dropped;
    return false;
  }
  queue.push_back(std::move(item));
  return true;
}

}  // namespace

std::optional<Status> EventQueue::take_opened() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(opened_, std::nullopt);
}

std::vector<LogLine> EventQueue::take_logs() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (const size_t dropped = std::exchange(dropped_logs_, 0)) {
    logs_.push_back(
        {kSyslogWarning, "TIDEMARK",
         std::to_string(dropped) + " log lines were dropped while the event loop was busy"});
  }
  return std::exchange(logs_, {});
}

std::vector<ClientEvent> EventQueue::take_client_events() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (const size_t dropped = std::exchange(dropped_client_events_, 0)) {
    client_events_.emplace_back(ClientEvent::Type::kEventsDropped);
    client_events_.back().count = dropped;
  }
  return std::exchange(client_events_, {});
}

std::set<std::string> EventQueue::take_token_requests() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(token_requests_, {});
}

bool EventQueue::is_closed() {
  std::lock_guard<std::mutex> lock(mutex_);
  return is_closed_;
}

void EventQueue::put_opened(Status status) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    opened_ = std::move(status);
  }
  ring_();
}

void EventQueue::put_log(LogLine line) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!push(logs_, dropped_logs_, std::move(line))) return;
  }
  ring_();
}

void EventQueue::put_client_event(ClientEvent event) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!push(client_events_, dropped_client_events_, std::move(event))) return;
  }
  ring_();
}

void EventQueue::put_token_request(const std::string& source) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    token_requests_.insert(source);
  }
  ring_();
}

void EventQueue::put_closed() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_closed_ = true;
  }
  ring_();
}

}  // namespace tidemark
