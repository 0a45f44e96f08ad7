#include "engine/partition_stream.h"

#include "errors.h"

namespace tidemark {

PartitionStream::PartitionStream(PartitionHandle handle, InputPartition input, WindowPool& windows)
    : handle_(handle),
      source_(*input.source),
      assigned_(std::move(input.assigned)),
      partition_(std::move(input.id), assigned_.range, assigned_.gap_policy, windows,
                 assigned_.most_inflated_bytes),
      stats_(std::make_shared<PartitionStats>(partition_.id(), assigned_)) {}

void PartitionStream::start() {
  if (Status status = source_.start(handle_, assigned_); !status.ok()) fail(std::move(status));
}

bool PartitionStream::has_room() const {
  return partition_.held_bytes() == 0 || partition_.held_bytes() < share_bytes_;
}

size_t PartitionStream::room() const {
  const size_t held = partition_.held_bytes();
  return share_bytes_ > held ? share_bytes_ - held : 0;
}

void PartitionStream::note_ready() {
  has_more_ = !is_stopped_;
  if (is_stopped_) source_.stop(handle_);  // it was on its way
}

bool PartitionStream::take() {
  bool any = false;
  while (has_more_ && has_room() && partition_.status().ok()) {
    const size_t held_before = partition_.held_bytes();
    const Source::Taken taken = source_.take(handle_, room(), *this);
    has_more_ = taken.has_more;
    any |= taken.any;
    // All of it lay before a start by time, or was aborted: so may be what follows, for minutes,
    // and a poll has its deadline.
    if (partition_.held_bytes() == held_before) break;
  }
  if (any) {
    stats_->fetched_offset.store(partition_.fetched_offset().value_or(PartitionStats::kNone),
                                 std::memory_order_relaxed);
    stats_->last_message_timestamp.store(
        partition_.last_message_timestamp().value_or(PartitionStats::kNone),
        std::memory_order_relaxed);
  }
  stop_if_failed();
  // What is not in its queue, since too much is held of all partitions, waits too.
  const bool is_more = has_more_ || partition_.position() < partition_.range().end_offset;
  stats_->is_paused.store(is_more && partition_.has_head() && !has_room(),
                          std::memory_order_relaxed);
  return any;
}

// Of a partition with a fault nothing more is taken: fetched on, it would only cost.
void PartitionStream::stop_if_failed() {
  if (is_stopped_ || partition_.status().ok()) return;
  is_stopped_ = true;
  has_more_ = false;
  source_.stop(handle_);
}

void PartitionStream::fail(Status status) {
  partition_.fail(of_source(std::move(status), partition_.id().source));
  stop_if_failed();
}

// A failed push is kept by the partition itself, and ends the stream from there.
void PartitionStream::push(const RecordBatch& batch, BatchOwner owner, size_t bytes) {
  partition_.push(batch, std::move(owner), bytes);
}

}  // namespace tidemark
