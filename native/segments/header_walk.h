// HeaderWalk: goes through the headers of a segment's record batches, and reads little else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "log/stored_batch.h"
#include "segments/log_directory.h"
#include "segments/offset_order.h"
#include "segments/segment_reader.h"
#include "status.h"

namespace tidemark {

class HeaderWalk {
 public:
  enum class Step : uint8_t {
    kBatch,
    kEnd,        // of the segment
    kTruncated,  // the last batch, or its header, ends behind the segment
    kFault,      // the header is wrong: what follows cannot be found, or not be believed
    kError,      // the file cannot be read: status()
  };

  // Both outlive it.
  HeaderWalk(const SegmentReader& file, const Segment& segment)
      : file_(file), segment_(segment), order_(segment) {}

  Step next();
  // Of the last step.
  const StoredBatch& batch() const { return batch_; }
  uint64_t position() const { return position_; }  // where it begins
  // Of the batches before it.
  const OffsetOrder& order() const { return order_; }
  const Status& status() const { return status_; }

 private:
  // `size` bytes at `at`, which are within the segment; nullptr: status().
  const uint8_t* bytes(uint64_t at, size_t size);

  const SegmentReader& file_;
  const Segment& segment_;
  StoredBatch batch_{};
  OffsetOrder order_;
  bool has_batch_ = false;  // that order_ does not have yet
  uint64_t position_ = 0;
  uint64_t next_ = 0;
  std::vector<uint8_t> window_;
  uint64_t window_begin_ = 0;
  Status status_;
};

}  // namespace tidemark
