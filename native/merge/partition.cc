#include "merge/partition.h"

#include <algorithm>
#include <utility>

#include "errors.h"

namespace tidemark {

namespace {

Status inflate_fault(const Place& place, const RecordBatch& batch,
                     InflatedWindow::Outcome outcome) {
  switch (outcome) {
    case InflatedWindow::Outcome::kTooLarge:
      return too_large_inflated(place);
    case InflatedWindow::Outcome::kUnsupported:
      return unsupported_compression(place);
    case InflatedWindow::Outcome::kUnknownCodec:
      return unknown_codec(place, batch.codec());
    case InflatedWindow::Outcome::kNoMemory:
      return no_memory_to_inflate(place);
    default:
      return corrupt_record(place, batch.base_offset, "its records cannot be inflated");
  }
}

}  // namespace

Partition::Partition(PartitionId id, ReplayRange range, GapPolicy gap_policy, WindowPool& windows,
                     size_t most_inflated_bytes)
    : origin_{id.topic_index, id.partition, 0, id.source_index},
      merge_key_(range.start_merge_key),
      released_merge_key_(range.start_merge_key),
      position_(range.start_offset),
      leader_epoch_(range.start_leader_epoch),
      range_(range),
      windows_(windows),
      most_inflated_bytes_(most_inflated_bytes),
      gap_policy_(gap_policy),
      id_(std::move(id)) {
  update_exhausted();
}

Status Partition::push(const RecordBatch& batch, BatchOwner owner, size_t bytes) {
  if (status_.ok()) check(batch);
  const bool has_records = batch.kind == RecordBatchKind::kRecords && batch.record_count > 0;
  if (!status_.ok()) {
    let_go(std::move(owner), bytes);
    return status_;
  }
  const int64_t first_offset = std::exchange(position_, batch.last_offset + 1);
  leader_epoch_ = std::max(batch.leader_epoch, kNoLeaderEpoch);
  if (!has_records) {
    let_go(std::move(owner), bytes);
  } else {
    hold({batch, first_offset, std::move(owner), bytes});
  }
  update_exhausted();
  return status_;
}

void Partition::check(const RecordBatch& batch) {
  const char* fault = RecordBatchDecoder::check_header(batch);
  if (fault != nullptr) {
    status_ = corrupt_header(place_at(batch.base_offset), fault);
  } else if (batch.last_offset < position_) {
    status_ = offset_step_back(place_at(batch.base_offset), position_);
  } else if (batch.base_offset > position_ && gap_policy_ == GapPolicy::kError) {
    status_ = offset_gap(place_at(position_), batch.base_offset - 1);
  } else if (batch.base_offset > position_) {
    missing_offsets_ += batch.base_offset - position_;
  }
}

void Partition::hold(HeldBatch held) {
  const RecordBatch batch = held.batch;
  const size_t bytes = held.bytes;
  const bool nothing_decoded = held_.empty();
  if (!held_.push(std::move(held))) {
    let_go(std::move(held.owner), bytes);
    status_ = no_memory_to_hold(place_at(batch.base_offset));
    return;
  }
  held_bytes_ += bytes;
  held_records_ += batch.record_count;
  fetched_offset_ = batch.last_offset;
  if (batch.max_timestamp != kNoTimestamp) last_message_timestamp_ = batch.max_timestamp;
  if (nothing_decoded) {
    decoder_.open(batch);
    decode_on();
  }
}

void Partition::reach(int64_t offset) {
  if (!status_.ok()) return;  // what lies behind a fault is not read: it proves nothing
  position_ = std::max(position_, offset);
  update_exhausted();
}

void Partition::pass_decoded() {
  if (first_ == decoded_end_) decode_on();
  if (first_ == phase_end_) update_exhausted();
}

void Partition::go_live() {
  live_ = true;
  exhausted_ = true;
  find_phase_end();
}

std::optional<int64_t> Partition::released_merge_key() const {
  if (!released_offset_) return std::nullopt;
  return released_merge_key_;
}

// Where something is held, something is decoded.
Frontier Partition::frontier() const {
  const bool is_held = first_ != decoded_end_;
  return {is_held ? decoded_[first_].offset : position_, released_merge_key_,
          is_held ? decoded_epoch_ : leader_epoch_,
          has_started_ || live_ ? kNoStartTime : range_.start_time};
}

void Partition::let_go(BatchOwner owner, size_t bytes) {
  // Batches of one op come with one owner, at the last of them: if a marker is the last, the
  // records before it would point into freed memory.
  if (held_.empty() || held_.back().owner != nullptr) return;
  held_.back().owner = std::move(owner);
  held_.back().bytes = bytes;
  held_bytes_ += bytes;
}

void Partition::decode_on() {
  first_ = phase_end_ = decoded_end_ = 0;
  while (!held_.empty() && decoded_end_ == 0) {
    if (unreadable_ || decoder_.is_done()) {
      pop_front();
      continue;
    }
    const HeldBatch& held = held_.front();
    size_t count;
    origin_.attributes = held.batch.attributes;
    decoded_epoch_ = std::max(held.batch.leader_epoch, kNoLeaderEpoch);
    const char* const fault = decoder_.decode(decoded_.data(), kDecodeAhead, &count);
    take_decoded(static_cast<uint32_t>(count), held.first_offset);
    if (fault != nullptr) {
      stop_reading();
      status_ = corrupt_record(place_at(position_), held.batch.base_offset, fault);
    } else if (count == 0) {
      inflate_on();
    }
  }
}

void Partition::inflate_on() {
  const RecordBatch& batch = held_.front().batch;
  if (window_ == nullptr) {
    window_ = windows_.take();
    if (window_ != nullptr) window_->open(batch, most_inflated_bytes_);
  }
  const auto outcome = window_ == nullptr ? InflatedWindow::Outcome::kNoMemory
                                          : window_->advance(decoder_.unread(), decoder_.wanted());
  if (outcome != InflatedWindow::Outcome::kOk) {
    stop_reading();
    status_ = inflate_fault(place_at(batch.base_offset), batch, outcome);
    return;
  }
  decoder_.refill(window_->bytes(), window_->size(), window_->is_last());
  if (window_->is_last()) let_front_go();
}

void Partition::let_front_go() {
  held_bytes_ -= std::exchange(held_.front().bytes, 0);
  held_.front().owner.reset();
}

void Partition::pop_front() {
  // First, since what follows the window may be inflated just now: behind a fault, too.
  if (window_ != nullptr) windows_.give_back(std::move(window_));
  let_front_go();
  held_.pop();
  if (!held_.empty()) decoder_.open(held_.front().batch);
}

void Partition::stop_reading() {
  unreadable_ = true;
  position_ = std::max(decoder_.next_offset(), held_.front().first_offset);
  held_records_ = static_cast<int64_t>(decoded_end_ - first_);
}

void Partition::take_decoded(uint32_t count, int64_t first_offset) {
  uint32_t skipped = 0;
  while (skipped < count && decoded_[skipped].offset < first_offset)
    ++skipped;
  while (!has_started_ && skipped < count) {
    has_started_ = !range_.is_before_start(decoded_[skipped]);
    skipped += !has_started_;
  }
  held_records_ -= skipped;
  if (skipped == count) return;

  int64_t merge_key = merge_key_;
  bool late = false;
  for (uint32_t i = skipped; i < count; ++i) {
    Record& record = decoded_[i];
    if (record.timestamp != kNoTimestamp) merge_key = std::max(merge_key, record.timestamp);
    record.merge_key = merge_key;
    late |= is_late(record);
  }
  merge_key_ = merge_key;
  has_late_records_ = late;
  first_ = skipped;
  decoded_end_ = count;
  find_phase_end();
}

void Partition::find_phase_end() {
  phase_end_ = decoded_end_;
  if (live_) return;
  const Record* const first = &decoded_[first_];
  const Record* const end = &decoded_[decoded_end_];
  const bool may_end = range_.cutoff != kNoCutoff || end[-1].offset >= range_.end_offset;
  if (!may_end) return;
  const Record* const found = std::find_if(first, end, [this](const Record& record) {
    return record.offset >= range_.end_offset || is_past_cutoff(record);
  });
  phase_end_ = static_cast<uint32_t>(found - decoded_.data());
  past_cutoff_ = found != end && is_past_cutoff(*found);
}

bool Partition::is_past_cutoff(const Record& record) const {
  return range_.cutoff != kNoCutoff && record.timestamp != kNoTimestamp &&
         record.timestamp >= range_.cutoff;
}

void Partition::update_exhausted() {
  if (has_head()) return;
  if (past_cutoff_ || position_ >= range_.end_offset) exhausted_ = true;
}

}  // namespace tidemark
