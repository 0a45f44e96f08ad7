// Capture: writes what was fetched as Kafka's log segments, in topic-partition folders. It waits
// for the disk: CaptureWriter has a thread for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "capture/capture_options.h"
#include "capture/disk.h"
#include "capture/partition_capture.h"
#include "capture/retention.h"
#include "clock.h"
#include "log/record_batch.h"
#include "log/replay_range.h"
#include "log/topic_partition.h"
#include "status.h"

namespace tidemark {

class Capture {
 public:
  Capture(const CaptureOptions& options, Disk& disk);
  ~Capture() { unlock(); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  // Makes the folder, which must not have anything in it, and keeps other captures out of it until
  // finish().
  Status open();
  // Before what is fetched of a partition: `lane` names it from here on, and it is read from the
  // start of `range` on, by who takes record batches that inflate to `most_inflated_bytes`. A
  // partition may come again, when it was somebody else's meanwhile.
  Status start(uint32_t lane, const TopicPartition& id, const ReplayRange& range,
               GapPolicy gap_policy, size_t most_inflated_bytes = kMostInflatedBytes);
  Status write(uint32_t lane, const RecordBatch& batch, Clock::time_point now);
  // No more is fetched of a partition.
  Status stop(uint32_t lane, Clock::time_point now);
  // Ends and removes segments by their age. When it is to be called again, next_due() tells.
  Status serve(Clock::time_point now);
  Clock::time_point next_due() const;
  // Completes what can be; a fault of one segment leaves the others alone. Returns the first.
  Status finish(Clock::time_point now);

 private:
  void unlock();
  Status make_folder(const TopicPartition& id, std::string* path);
  Status keep_within_bytes(Clock::time_point now);
  Status finish(PartitionCapture& partition, Clock::time_point now);
  // Around whatever changes the segment that a partition has open.
  void begin_change(PartitionCapture& partition);
  void end_change(PartitionCapture& partition);

  const CaptureOptions options_;
  Disk& disk_;
  Retention retention_;
  int lock_ = -1;
  std::map<TopicPartition, PartitionCapture> partitions_;
  std::vector<PartitionCapture*> lanes_;
  std::set<std::pair<Clock::time_point, PartitionCapture*>> open_;  // by age, the oldest first
  int64_t open_bytes_ = 0;
};

}  // namespace tidemark
