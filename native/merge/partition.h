// Partition: the held record batches of one partition, its head, its position, its replay range.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "errors.h"
#include "log/batch_owner.h"
#include "log/frontier.h"
#include "log/origin.h"
#include "log/partition_id.h"
#include "log/prefetch.h"
#include "log/record.h"
#include "log/record_batch.h"
#include "log/record_batch_decoder.h"
#include "log/replay_range.h"
#include "merge/held_batches.h"
#include "merge/inflated_window.h"
#include "merge/window_pool.h"
#include "status.h"

namespace tidemark {

class Partition {
 public:
  // What it holds compressed is inflated in windows of `windows`, which outlive it; a record batch
  // to `most_inflated_bytes` at most.
  Partition(PartitionId id, ReplayRange range, GapPolicy gap_policy, WindowPool& windows,
            size_t most_inflated_bytes = kMostInflatedBytes);
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  // --- in: what was fetched -------------------------------------------------------------------
  // Takes a record batch. `owner` (may be empty) is let go when this batch is done with; an op
  // that carries several batches gives it with the last. `bytes` is what the op costs in memory,
  // given with the owner, 0 otherwise. Fails on a gap, a step back, or a malformed batch; from
  // then on nothing more is taken. One that is compressed is inflated when its turn comes.
  Status push(const RecordBatch& batch, BatchOwner owner, size_t bytes);
  // End-of-partition event: nothing is at or past `offset` yet. Moves the position forward only.
  void reach(int64_t offset);
  // A fault that is not of a record batch's content: a fetch was refused, a format is not read.
  // It comes after the records that are held; the first one counts.
  void fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

  // --- the head -------------------------------------------------------------------------------
  // Next records in offset order, decoded ahead; empty when nothing is held or, in the replay,
  // when the next record is not part of it. The span stays valid until release() or push().
  const Record* head() const { return has_head() ? &decoded_[first_] : nullptr; }
  // Records decoded and not released, all in the current phase.
  size_t head_count() const { return phase_end_ - first_; }
  // What the records at the head have in common.
  const Origin& origin() const { return origin_; }
  // Takes `count` <= head_count() records off; decodes on when the span is used up. A record that
  // does not parse ends in status(), after the good records before it.
  void release(size_t count) {
    const Record* const first = &decoded_[first_];
    const Record& last = first[count - 1];
    if (has_late_records_) late_records_ += std::count_if(first, first + count, is_late);
    released_offset_ = last.offset;
    released_merge_key_ = last.merge_key;
    held_records_ -= static_cast<int64_t>(count);
    first_ += static_cast<uint32_t>(count);
    if (first_ == phase_end_) {
      pass_decoded();
    } else {
      // Between the records of a partition come those of all others: with 1,000 partitions its
      // bytes are in a far cache by then.
      prefetch(decoded_[first_].key);
    }
  }

  // --- the replay -----------------------------------------------------------------------------
  bool has_head() const { return first_ != phase_end_; }
  // Proven at its end offset, or ended by the cutoff, and no replay record held; a flag that
  // stays true.
  bool exhausted() const { return exhausted_; }
  void go_live();  // from here on head() shows all records

  // --- state ----------------------------------------------------------------------------------
  const PartitionId& id() const { return id_; }
  const ReplayRange& range() const { return range_; }
  // The fault with the lowest offset, ok() while there is none. The good records before it are
  // still at the head.
  const Status& status() const { return status_; }
  int64_t position() const { return position_; }  // next offset that will be read
  // Of the ops held, and of the window that is inflated of them.
  size_t held_bytes() const { return held_bytes_ + (window_ ? window_->memory_bytes() : 0); }
  int64_t held_records() const { return held_records_; }  // records fetched and not released
  // Last offset of the newest record batch fetched that has records.
  std::optional<int64_t> fetched_offset() const { return fetched_offset_; }
  std::optional<int64_t> released_offset() const { return released_offset_; }
  std::optional<int64_t> released_merge_key() const;  // of the last record released
  // Where to go on from what was released.
  Frontier frontier() const;
  // Largest timestamp of the newest record batch fetched that has records (epoch ms).
  std::optional<int64_t> last_message_timestamp() const { return last_message_timestamp_; }
  // Released records whose timestamp < merge key.
  int64_t late_records() const { return late_records_; }
  // Offsets that no record batch covered, under GapPolicy::kCount.
  int64_t missing_offsets() const { return missing_offsets_; }

 private:
  // Records decoded ahead of the merge, all of one record batch: runs are found, and appended,
  // within them. Measured: at 64 those of 1,000 partitions no longer fit the second-level cache
  // (199 against 164 ns a record), and runs gain nothing from it.
  static constexpr size_t kDecodeAhead = 32;

  // Whether `batch` may follow on from the position; if not, status() says why.
  void check(const RecordBatch& batch);
  void hold(HeldBatch held);
  Place place_at(int64_t offset) const { return {id_.topic, id_.partition, offset, id_.source}; }
  // Lets `owner` go, unless it owns the last held batch too: then it goes with that one.
  void let_go(BatchOwner owner, size_t bytes);
  // Decodes the next records, from the next held batch if need be. Nothing decoded may be left.
  void decode_on();
  // The next window of the front of held_. Nothing decoded may be left.
  void inflate_on();
  // Goes on to the next of held_.
  void pop_front();
  // Nothing is read any more of the memory that the front of held_ owns.
  void let_front_go();
  // Nothing behind the decoded records can be read. The first fault found is not always the first
  // in the log: this one precedes one that refused a later batch, and takes its place.
  void stop_reading();
  // After the last record of the phase among the decoded ones was released.
  void pass_decoded();
  // Takes `count` records at decoded_: drops those below `first_offset` and those before the start,
  // sets merge keys.
  void take_decoded(uint32_t count, int64_t first_offset);
  void find_phase_end();
  bool is_past_cutoff(const Record& record) const;
  void update_exhausted();

  // Hot: what the merge looks at for each run.
  uint32_t first_ = 0;        // of the decoded records that are not released
  uint32_t phase_end_ = 0;    // one past the last that is in the current phase
  uint32_t decoded_end_ = 0;  // one past the last
  bool exhausted_ = false;
  bool live_ = false;
  bool past_cutoff_ = false;       // the record at phase_end_ ended the replay
  bool has_started_ = false;       // the first record of the replay is known
  bool unreadable_ = false;        // the held batches behind the decoded records do not parse
  bool has_late_records_ = false;  // among the decoded ones
  Origin origin_;                  // of the decoded records
  int64_t merge_key_;              // of the last decoded record
  int64_t released_merge_key_;
  int64_t held_records_ = 0;
  std::optional<int64_t> released_offset_;
  int64_t late_records_ = 0;
  int64_t position_;
  int32_t decoded_epoch_ = kNoLeaderEpoch;  // of the decoded records
  int32_t leader_epoch_;                    // of the newest record batch fetched
  RecordBatchDecoder decoder_;              // on the front of held_, when that is not empty
  ReplayRange range_;
  HeldBatches held_;
  WindowPool& windows_;
  size_t most_inflated_bytes_;
  std::unique_ptr<InflatedWindow> window_;  // of the front of held_, once that was inflated
  size_t held_bytes_ = 0;
  int64_t missing_offsets_ = 0;
  std::optional<int64_t> fetched_offset_;
  std::optional<int64_t> last_message_timestamp_;
  GapPolicy gap_policy_;
  PartitionId id_;
  Status status_;
  std::array<Record, kDecodeAhead> decoded_;
};

}  // namespace tidemark
