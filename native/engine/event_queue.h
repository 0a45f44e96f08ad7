// EventQueue: what the engine's thread tells the event loop unasked.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "source/client_event.h"
#include "status.h"

namespace tidemark {

class EventQueue {
 public:
  // `ring` wakes the event loop: it may be called from any thread and is never called under the
  // queue's lock.
  explicit EventQueue(std::function<void()> ring) : ring_(std::move(ring)) {}

  // --- the event loop's side ------------------------------------------------------------------
  std::optional<Status> take_opened();
  std::vector<LogLine> take_logs();
  std::vector<ClientEvent> take_client_events();
  // The names of the sources that need one.
  std::set<std::string> take_token_requests();
  bool is_closed();

  // --- the engine's side ----------------------------------------------------------------------
  void put_opened(Status status);
  void put_log(LogLine line);
  void put_client_event(ClientEvent event);
  void put_token_request(const std::string& source);
  void put_closed();

 private:
  const std::function<void()> ring_;
  std::mutex mutex_;
  std::optional<Status> opened_;
  std::vector<LogLine> logs_;
  size_t dropped_logs_ = 0;
  std::vector<ClientEvent> client_events_;
  size_t dropped_client_events_ = 0;
  std::set<std::string> token_requests_;
  bool is_closed_ = false;
};

}  // namespace tidemark
