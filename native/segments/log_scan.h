// LogScan: looks up what must be known of a partition before it is read: where it ends, which
// transactions were aborted, and the offset of a time. It reads the headers of record batches, and
// the bodies of transaction markers and of what may be one.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "errors.h"
#include "log/byte_buffer.h"
#include "log/inflate.h"
#include "log/start.h"
#include "segments/batch_content.h"
#include "segments/header_walk.h"
#include "segments/partition_log.h"
#include "source/partition_demands.h"
#include "status.h"

namespace tidemark {

class LogScan {
 public:
  // `log` has its id, its segments, its start and its isolation; the rest is filled in. All outlive
  // this. Ends early when `is_cancelled`.
  LogScan(PartitionLog& log, const Start& start, Inflater& inflater,
          const std::atomic<bool>& is_cancelled)
      : log_(log), start_(start), inflater_(inflater), is_cancelled_(is_cancelled) {}

  Status run();
  LogExtent extent() const;
  // Where a start that is not by offset is, at most at the log's end.
  int64_t start_offset() const;

 private:
  Status scan(size_t index);
  // Ends the log at the last stable offset. Behind it nothing is read: so what is there is verified
  // first, since a damaged marker would leave a transaction open and hide all that follows.
  Status end_at(int64_t first_open);
  // Notes in the log what is damaged at or behind `offset`.
  Status verify(size_t index, int64_t offset);
  Status take(const SegmentReader& file, const HeaderWalk& walk, const Segment& segment);
  // `*marker`: of the batch, where it is one.
  Status look_for_marker(const SegmentReader& file, const HeaderWalk& walk, const Segment& segment,
                         Marker* marker);
  bool is_past_start() const;  // what is read begins before next_offset_
  // At next_offset_ something is damaged that may be a marker.
  void hold_transactions();
  bool is_without_time() const { return start_.kind == Start::Kind::kTime && !time_offset_; }
  // A broker's answer: the first record at or past the time, markers included.
  Status look_for_time(const SegmentReader& file, const HeaderWalk& walk, const Segment& segment);
  Place place_at(int64_t offset) const { return {log_.id.topic, log_.id.partition, offset}; }

  PartitionLog& log_;
  const Start start_;
  Inflater& inflater_;
  const std::atomic<bool>& is_cancelled_;
  int64_t next_offset_ = 0;
  std::optional<int64_t> time_offset_;
  ByteBuffer bytes_, inflated_;
};

}  // namespace tidemark
