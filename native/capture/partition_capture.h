// PartitionCapture: writes what was fetched of one partition, segment after segment.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "capture/disk.h"
#include "capture/retention.h"
#include "capture/segment_writer.h"
#include "clock.h"
#include "log/byte_buffer.h"
#include "log/inflate_codec.h"
#include "log/record_batch.h"
#include "log/replay_range.h"
#include "status.h"

namespace tidemark {

class PartitionCapture {
 public:
  // `folder` is there. A segment ends before it has more than `segment_bytes`.
  PartitionCapture(Disk& disk, Retention& retention, std::string folder, int64_t segment_bytes)
      : disk_(disk),
        retention_(retention),
        folder_(std::move(folder)),
        segment_bytes_(segment_bytes) {}

  // Goes on with what is fetched from the start of `range` on. What was written before is not
  // written again.
  void start(const ReplayRange& range, GapPolicy gap_policy, size_t most_inflated_bytes);
  // Of a record batch that the stream will refuse, since it is corrupt or does not follow on, and
  // of all behind it nothing is written.
  Status write(const RecordBatch& batch, Clock::time_point now);
  // What was written becomes a segment.
  Status finish(Clock::time_point now);

  // What is being written; null where nothing is.
  const SegmentWriter* open_segment() const { return segment_.get(); }

 private:
  bool follows_on(const RecordBatch& batch) const;
  bool has_room(const RecordBatch& batch) const;
  int64_t segment_begin(const RecordBatch& first) const;
  // Passes over what comes before the first record of the replay: with it, a capture would begin
  // with other rows than the stream, and with another merge key.
  InflateOutcome look_for_start(const RecordBatch& batch);
  // Inflates into `to` what is compressed.
  InflateOutcome inflate(RecordBatch* batch, ByteBuffer& to) const;
  // Makes `batch` begin at what is captured already; its records are in `to` then.
  InflateOutcome cut(RecordBatch* batch, ByteBuffer& to);
  size_t inflated_size(const RecordBatch& batch) const;

  Disk& disk_;
  Retention& retention_;
  const std::string folder_;
  const int64_t segment_bytes_;
  std::unique_ptr<SegmentWriter> segment_;
  ReplayRange range_{};
  bool has_started_ = true;  // the first record of the replay is known, or was not looked for
  int64_t position_ = 0;     // what the stream reads next
  int64_t captured_ = 0;     // what is below it is written, or was not asked for
  GapPolicy gap_policy_ = GapPolicy::kCount;
  size_t most_inflated_bytes_ = kMostInflatedBytes;  // of what the stream reads
  bool is_over_ = false;
};

}  // namespace tidemark
