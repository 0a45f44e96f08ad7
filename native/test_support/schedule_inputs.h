// ScheduleInputs: the partitions of a schedule, which join, leave and come back: what has arrived
// of each, its slot in the merger, and the rows that are to be expected of them all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "merge/merger.h"
#include "merge/window_pool.h"
#include "test_support/merge_oracle.h"
#include "test_support/random_log.h"

namespace tidemark::testing {

// What is fetched of one partition.
struct ScheduleInput {
  std::unique_ptr<Partition> partition;  // none: it has not joined, or has left
  size_t slot = 0;                       // of it in the merger
  size_t next_batch = 0;
  bool ended = false;
  int64_t weight = 0;         // of 30: how much it takes part
  int64_t stalled_until = 0;  // this step
  size_t replay_rows = 0;     // released so far
  size_t live_rows = 0;       // the same
  int64_t last_key = 0;       // the merge key of the replay's row that was released last
};

class ScheduleInputs {
 public:
  ScheduleInputs(const std::vector<Log>& logs, const std::vector<Part>& parts,
                 const Expected& expected, bool fail_on_late_record, WindowPool& windows)
      : windows_(windows),
        logs_(&logs),
        expected_(&expected),
        fail_on_late_record_(fail_on_late_record),
        parts_(parts),
        inputs_(logs.size()) {
    for (size_t p = 0; p < logs.size(); ++p)
      if (parts[p].is_in) make_partition(p, logs[p].range);
  }
  ScheduleInputs(const ScheduleInputs&) = delete;
  ScheduleInputs& operator=(const ScheduleInputs&) = delete;

  size_t size() const { return inputs_.size(); }
  ScheduleInput& operator[](size_t p) { return inputs_[p]; }
  const std::vector<Log>& logs() const { return *logs_; }
  const Log& log(size_t p) const { return (*logs_)[p]; }
  // As of the last change; what was released before it is not in it.
  const Expected& expected() const { return *expected_; }
  // By slot: those that are there from the beginning.
  std::vector<Partition*> partitions() const {
    std::vector<Partition*> partitions;
    for (const ScheduleInput& input : inputs_)
      if (input.partition) partitions.push_back(input.partition.get());
    return partitions;
  }

  bool all_arrived() const {
    return std::all_of(inputs_.begin(), inputs_.end(),
                       [](const ScheduleInput& input) { return input.ended; });
  }
  // What has joined waits for nothing.
  bool all_joined_arrived() const {
    return std::all_of(inputs_.begin(), inputs_.end(),
                       [](const ScheduleInput& input) { return input.ended || !input.partition; });
  }
  // To be merged.
  bool is_nothing_left() const {
    return std::none_of(inputs_.begin(), inputs_.end(), [](const ScheduleInput& input) {
      return input.partition && (input.partition->has_head() || !input.partition->exhausted());
    });
  }

  // From the start of its range or, when it has left before, behind what was released of it.
  void join(size_t p, Merger& merger) {
    const Log& log = this->log(p);
    ScheduleInput& input = inputs_[p];
    ReplayRange range = log.range;
    Part& part = parts_[p];
    part = Part{};
    part.joined_at = input.replay_rows;
    if (input.replay_rows > 0) {
      range.start_offset = log.records[input.replay_rows - 1].offset + 1;
      range.start_merge_key = part.merge_key = input.last_key;
      range.start_time = kNoStartTime;
    }
    part.joined_in_live = merger.is_live();
    input.next_batch = 0;
    while (input.next_batch < log.batches.size() && input.replay_rows > 0 &&
           log.batches[input.next_batch].header.last_offset < range.start_offset) {
      ++input.next_batch;
    }
    merger.add(input.slot, make_partition(p, range));
    input.ended = false;
    expect_anew();
  }

  void leave(size_t p, Merger& merger) {
    ScheduleInput& input = inputs_[p];
    merger.remove({input.slot});
    free_slots_.push_back(input.slot);
    input.partition.reset();
    parts_[p].is_in = false;
    input.ended = true;
    expect_anew();
  }

  // Nothing behind what was fetched can be read.
  void break_off(size_t p, ErrorCode code) {
    broken_logs_ = *logs_;
    Log& broken = broken_logs_[p];
    broken.end_in_fault(inputs_[p].partition->position(), code);
    broken.fault_batch = 0;
    logs_ = &broken_logs_;
    expect_anew();
  }

 private:
  // In a slot that is free, one that was used before if there is any.
  Partition& make_partition(size_t p, const ReplayRange& range) {
    ScheduleInput& input = inputs_[p];
    input.slot = free_slots_.empty() ? slots_++ : free_slots_.back();
    if (!free_slots_.empty()) free_slots_.pop_back();
    input.partition = std::make_unique<Partition>(log(p).id, range, log(p).gap_policy, windows_);
    return *input.partition;
  }

  // From now on the rows are those of what has changed. What was released stays.
  void expect_anew() {
    for (size_t p = 0; p < parts_.size(); ++p)
      parts_[p].released = inputs_[p].replay_rows;
    own_expected_ = expect(*logs_, parts_, fail_on_late_record_);
    expected_ = &own_expected_;
  }

  WindowPool& windows_;
  // As they were given, until one breaks off: from then on the copies.
  const std::vector<Log>* logs_;
  std::vector<Log> broken_logs_;
  // As it was given, until something changes.
  const Expected* expected_;
  Expected own_expected_;
  const bool fail_on_late_record_;
  std::vector<Part> parts_;            // of each log
  std::vector<ScheduleInput> inputs_;  // of each log
  size_t slots_ = 0;                   // used so far
  std::vector<size_t> free_slots_;
};

}  // namespace tidemark::testing
