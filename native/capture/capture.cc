#include "capture/capture.h"

#include <algorithm>
#include <cerrno>

#include "errors.h"

namespace tidemark {

Capture::Capture(const CaptureOptions& options, Disk& disk)
    : options_(options), disk_(disk), retention_(disk, options.max_bytes, options.max_age) {}

// A file system that knows no locks is good enough: make_folder() tells of another capture, too.
Status Capture::open() {
  int fault = disk_.make_folders(options_.dir);
  if (fault == 0 && disk_.lock_folder(options_.dir, &lock_) == EWOULDBLOCK) {
    return capture_folder_locked(options_.dir);
  }
  if (fault == 0) fault = disk_.check_new_folder(options_.dir);
  if (fault == ENOTEMPTY) return capture_folder_not_empty(options_.dir);
  return fault == 0 ? Status() : capture_error("create", options_.dir, fault);
}

void Capture::unlock() {
  if (lock_ >= 0) disk_.close(std::exchange(lock_, -1));
}

Status Capture::start(uint32_t lane, const TopicPartition& id, const ReplayRange& range,
                      GapPolicy gap_policy, size_t most_inflated_bytes) {
  auto found = partitions_.find(id);
  if (found == partitions_.end()) {
    std::string path;
    if (Status status = make_folder(id, &path); !status.ok()) return status;
    PartitionCapture partition(disk_, retention_, std::move(path), options_.segment_bytes);
    found = partitions_.emplace(id, std::move(partition)).first;
  }
  if (lane >= lanes_.size()) lanes_.resize(lane + 1);
  lanes_[lane] = &found->second;
  found->second.start(range, gap_policy, most_inflated_bytes);
  return Status();
}

// That the folder is there already shows that somebody else writes to this capture, too.
Status Capture::make_folder(const TopicPartition& id, std::string* path) {
  if (id.topic.empty() || id.topic.find_first_of(std::string("/\0", 2)) != std::string::npos) {
    return capture_topic_name(id.topic);
  }
  *path = options_.dir + "/" + id.topic + "-" + std::to_string(id.partition);
  int fault = disk_.make_folder(*path);
  if (fault == EEXIST) return capture_folder_locked(options_.dir);
  if (fault == 0) fault = disk_.sync_folder(options_.dir);
  return fault == 0 ? Status() : capture_error("create", *path, fault);
}

Status Capture::write(uint32_t lane, const RecordBatch& batch, Clock::time_point now) {
  PartitionCapture& partition = *lanes_[lane];
  begin_change(partition);
  Status status = partition.write(batch, now);
  end_change(partition);
  return status.ok() ? keep_within_bytes(now) : status;
}

Status Capture::stop(uint32_t lane, Clock::time_point now) { return finish(*lanes_[lane], now); }

Status Capture::serve(Clock::time_point now) {
  while (!open_.empty() && open_.begin()->first + options_.segment_age <= now) {
    if (Status status = finish(*open_.begin()->second, now); !status.ok()) return status;
  }
  return retention_.remove_aged(now);
}

Clock::time_point Capture::next_due() const {
  if (open_.empty()) return retention_.next_aged();
  return std::min(open_.begin()->first + options_.segment_age, retention_.next_aged());
}

Status Capture::finish(Clock::time_point now) {
  Status first;
  while (!open_.empty()) {
    Status status = finish(*open_.begin()->second, now);
    if (first.ok()) first = std::move(status);
  }
  unlock();
  return first;
}

// With many partitions what is open alone may be too much: then the oldest of it is what goes.
Status Capture::keep_within_bytes(Clock::time_point now) {
  while (retention_.is_exceeded_by(open_bytes_)) {
    Status status =
        retention_.is_empty() ? finish(*open_.begin()->second, now) : retention_.remove_oldest();
    if (!status.ok()) return status;
  }
  return Status();
}

Status Capture::finish(PartitionCapture& partition, Clock::time_point now) {
  begin_change(partition);
  Status status = partition.finish(now);
  end_change(partition);
  return status;
}

void Capture::begin_change(PartitionCapture& partition) {
  const SegmentWriter* const segment = partition.open_segment();
  if (segment == nullptr) return;
  open_.erase({segment->created(), &partition});
  open_bytes_ -= segment->bytes();
}

void Capture::end_change(PartitionCapture& partition) {
  const SegmentWriter* const segment = partition.open_segment();
  if (segment == nullptr) return;
  open_.emplace(segment->created(), &partition);
  open_bytes_ += segment->bytes();
}

}  // namespace tidemark
