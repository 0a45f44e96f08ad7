// SegmentWriter: one log segment that is being written. It has another name until it is complete,
// and on the disk: neither a reader nor Kafka ever sees a part of one.
#pragma once

#include <cstdint>
#include <string>

#include "capture/disk.h"
#include "clock.h"
#include "log/record_batch.h"
#include "status.h"

namespace tidemark {

class SegmentWriter {
 public:
  // Of the folder of a partition. No record has an offset below `base_offset`, which names it.
  SegmentWriter(Disk& disk, std::string folder, int64_t base_offset, Clock::time_point now);
  // Leaves what is not complete under its other name.
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  Status create();
  Status append(const RecordBatch& batch);
  // Makes it a segment of what was written, without the record batch that could not be. Once.
  Status finish();

  const std::string& path() const { return path_; }  // of the complete one
  int64_t base_offset() const { return base_offset_; }
  int64_t bytes() const { return bytes_; }
  Clock::time_point created() const { return created_; }

 private:
  std::string part_path() const { return path_ + ".part"; }

  Disk& disk_;
  const std::string folder_;
  const std::string path_;
  const int64_t base_offset_;
  const Clock::time_point created_;
  int file_ = -1;
  int64_t bytes_ = 0;     // of whole record batches
  int64_t begun_ = 0;     // of them, whose way to the disk has begun
  bool is_torn_ = false;  // a part of one more is there
};

}  // namespace tidemark
