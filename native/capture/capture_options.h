// CaptureOptions: where a capture is written, and what bounds it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tidemark {

struct CaptureOptions {
  std::string dir;
  int64_t segment_bytes = 0;                                             // a segment ends before it
  std::chrono::milliseconds segment_age = std::chrono::milliseconds(0);  // and when it is so old
  int64_t max_bytes = 0;                                             // of the capture; 0: no bound
  std::chrono::milliseconds max_age = std::chrono::milliseconds(0);  // of a segment; 0: no bound
  size_t max_queued_bytes = 0;                                       // fetched, and not written yet
  // The stream ends with an error of the capture, and waits for a slow disk. Otherwise the capture
  // ends, and the stream never waits.
  bool holds_stream = false;
};

}  // namespace tidemark
