// Retention: the complete segments of a capture, of which the oldest are removed.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "capture/disk.h"
#include "clock.h"
#include "status.h"

namespace tidemark {

class Retention {
 public:
  // 0: no bound.
  Retention(Disk& disk, int64_t max_bytes, std::chrono::milliseconds max_age)
      : disk_(disk), max_bytes_(max_bytes), max_age_(max_age) {}

  // A segment is complete. Its age counts from here: the timestamps of what is replayed are old.
  void add(std::string path, int64_t bytes, Clock::time_point now);

  // True while complete segments and `open_bytes` of others are more than there may be.
  bool is_exceeded_by(int64_t open_bytes) const {
    return max_bytes_ > 0 && bytes_ + open_bytes > max_bytes_;
  }
  bool is_empty() const { return segments_.empty(); }
  Status remove_oldest();
  // Removes what is too old.
  Status remove_aged(Clock::time_point now);
  // When the next one will be.
  Clock::time_point next_aged() const;

 private:
  struct Segment {
    std::string path;
    int64_t bytes;
    Clock::time_point completed;
  };

  Disk& disk_;
  const int64_t max_bytes_;
  const std::chrono::milliseconds max_age_;
  std::deque<Segment> segments_;  // the oldest first
  int64_t bytes_ = 0;
};

}  // namespace tidemark
