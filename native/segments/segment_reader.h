// SegmentReader: one segment, open for reading: never past the size that it had when it was found,
// and never by a mapping, where a file that shrinks is a signal and not an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "segments/log_directory.h"
#include "status.h"

namespace tidemark {

class SegmentReader {
 public:
  SegmentReader() = default;
  ~SegmentReader() { close(); }
  SegmentReader(const SegmentReader&) = delete;
  SegmentReader& operator=(const SegmentReader&) = delete;

  // ERR_SEGMENT_CHANGED where it is not the file that was found. `segment` outlives it.
  Status open(const Segment& segment);
  void close();
  // Hands the file over, to be closed by who asks.
  int release() { return std::exchange(file_, -1); }
  bool is_open() const { return file_ >= 0; }
  // All of [at, at + size), which lies within the segment's size.
  Status read(uint64_t at, uint8_t* to, size_t size) const;

 private:
  const Segment* segment_ = nullptr;
  int file_ = -1;
};

}  // namespace tidemark
