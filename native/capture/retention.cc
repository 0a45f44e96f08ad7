#include "capture/retention.h"

#include <cerrno>
#include <utility>

#include "errors.h"

namespace tidemark {

void Retention::add(std::string path, int64_t bytes, Clock::time_point now) {
  segments_.push_back({std::move(path), bytes, now});
  bytes_ += bytes;
}

Status Retention::remove_oldest() {
  const Segment oldest = std::move(segments_.front());
  segments_.pop_front();
  bytes_ -= oldest.bytes;
  const int fault = disk_.remove_file(oldest.path);
  // Whoever has taken it away did the same.
  return fault == 0 || fault == ENOENT ? Status() : capture_error("remove", oldest.path, fault);
}

Status Retention::remove_aged(Clock::time_point now) {
  while (next_aged() <= now) {
    if (Status status = remove_oldest(); !status.ok()) return status;
  }
  return Status();
}

Clock::time_point Retention::next_aged() const {
  if (max_age_.count() == 0 || segments_.empty()) return Clock::time_point::max();
  return segments_.front().completed + max_age_;
}

}  // namespace tidemark
