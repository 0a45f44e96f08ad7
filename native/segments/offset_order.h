// OffsetOrder: holds the offsets of a segment's record batches against one another and against its
// name. No checksum covers a base offset: one that lies would be taken for a batch in front of the
// start, or behind the end, and hide what it has, or what follows it.
#pragma once

#include <cstdint>

#include "log/stored_batch.h"
#include "segments/log_directory.h"

namespace tidemark {

class OffsetOrder {
 public:
  OffsetOrder() = default;
  explicit OffsetOrder(const Segment& segment)
      : next_offset_(segment.base_offset), end_offset_(segment.end_offset) {}

  // What is wrong with the offsets of the batch that comes next as a static text, or nullptr. Its
  // header has no fault.
  const char* fault(const StoredBatch& batch) const {
    if (batch.base_offset < next_offset_)
      return "its offsets are below those in front of it, or below the segment's name";
    if (batch.last_offset() >= end_offset_) return "its offsets run into those of the next segment";
    return nullptr;
  }
  void take(const StoredBatch& batch) { next_offset_ = batch.last_offset() + 1; }

 private:
  int64_t next_offset_ = 0;
  int64_t end_offset_ = Segment::kNoEnd;
};

}  // namespace tidemark
