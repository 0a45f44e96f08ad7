#include "segments/segment_source.h"

#include <algorithm>
#include <utility>

#include "errors.h"

namespace tidemark {

void SegmentSource::open(const Demand& demand, SourceEvents& events, Bell& bell) {
  events_ = &events;
  bell_ = &bell;
  open_timeout_ = demand.open_timeout;
  deadline_ = Clock::now() + open_timeout_;
  is_opening_ = true;
  failure_ = ReadAhead::start(folder_, demand, bell, &ahead_);
}

Clock::time_point SegmentSource::serve(Clock::time_point now) {
  if (is_live_ && !added_.empty()) events_->on_assigned(std::exchange(added_, {}));
  if (!is_opening_) return Clock::time_point::max();
  if (!failure_.ok()) {
    fail(failure_);
  } else if (auto outcome = ahead_->take_outcome()) {
    auto& [status, found] = *outcome;
    is_opening_ = false;
    logs_ = std::move(found.logs);
    added_ = std::move(found.added);
    if (status.ok()) {
      events_->on_assigned(std::move(found.partitions));
    } else {
      fail(std::move(status));
    }
  } else if (now >= deadline_) {
    fail(segments_timeout(folder_, open_timeout_));
  } else {
    return deadline_;
  }
  return Clock::time_point::max();
}

void SegmentSource::fail(Status status) {
  is_opening_ = false;
  events_->on_failed(std::move(status));
}

// A quarter of the budget is read ahead, and a quarter held by the engine; the rest is for what the
// last piece has too much, and for pieces that wait to be filled again. Much less is used of the
// default budget: what lies long has left the cache when it is read.
size_t SegmentSource::share_budget(size_t bytes, size_t partitions) {
  constexpr size_t kMostAhead = 1024 * 1024, kLeastPiece = 16 * 1024, kMostPiece = 256 * 1024;
  const size_t count = std::max<size_t>(partitions, 1);
  const size_t share = std::min(bytes / (4 * count), std::max(kMostAhead, bytes / 256));
  ahead_->set_limits(share, std::clamp(share / 4, kLeastPiece, kMostPiece));
  return share;
}

Status SegmentSource::start(PartitionHandle partition, const AssignedPartition& assigned) {
  const auto log = std::find_if(logs_.begin(), logs_.end(), [&](const auto& one) {
    return !(one->id < assigned.id) && !(assigned.id < one->id);
  });
  if (partition.slot >= end_offsets_.size()) end_offsets_.resize(partition.slot + 1, -1);
  end_offsets_[partition.slot] = (*log)->end_offset;
  ahead_->begin(partition, *log, assigned.range.start_offset);
  return Status();
}

void SegmentSource::stop(PartitionHandle partition) { ahead_->stop(partition); }

Source::Taken SegmentSource::take(PartitionHandle partition, size_t room, PartitionInput& input) {
  return ahead_->take(partition, room, input);
}

void SegmentSource::enter_live() {
  is_live_ = true;
  if (!added_.empty()) bell_->ring();
}

Progress SegmentSource::progress(PartitionHandle partition) {
  return {end_offsets_[partition.slot], false};
}

StallFacts SegmentSource::stall_facts(PartitionHandle) const {
  StallFacts facts;
  facts.where = "it is read from the files in '" + folder_ + "', whose disk does not answer";
  return facts;
}

SourceMemory SegmentSource::memory() {
  std::lock_guard<std::mutex> lock(ahead_mutex_);
  return ahead_ ? ahead_->memory() : SourceMemory();
}

void SegmentSource::close(std::chrono::milliseconds timeout) {
  if (ahead_) ahead_->close(timeout);
  std::lock_guard<std::mutex> lock(ahead_mutex_);
  ahead_.reset();
}

}  // namespace tidemark
