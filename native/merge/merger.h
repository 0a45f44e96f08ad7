// Merger: the k-way merge of the partitions' heads in the order (merge key, topic, partition,
// source), first of the replay, then of what is there in live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "columns/slab_builder.h"
#include "log/phase.h"
#include "merge/loser_tree.h"
#include "merge/partition.h"
#include "merge/row_digest.h"
#include "status.h"

namespace tidemark {

class Merger {
 public:
  enum class Outcome : uint8_t {
    kFull,         // the builder takes no more rows
    kBlocked,      // replay: blocked_on() is empty and not proven to be at its end
    kReplayEnded,  // the last record of the replay is in the builder: the slab must be cut here.
                   // From the next call on the merger is live
    kDrained,      // live: all that was held is in the builder
    kFailed,       // status() says why; what could be released before it is in the builder
  };

  // The partitions are somebody else's, and outlive the merger or are removed from it. The slot of
  // each is its place in `partitions`.
  // With fail_on_late_record a late record ends the stream with kLateRecord, before it. With
  // `digests` digest() is that of all rows that were appended.
  Merger(const std::vector<Partition*>& partitions, bool fail_on_late_record, bool digests = false);

  // Appends what may be released to `builder`, until one of the outcomes above.
  Outcome merge(SlabBuilder& builder);

  // One more partition, in a slot that is free. What it does to the replay: see release_rule.h.
  void add(size_t slot, Partition& partition);
  // Forgets partitions, and what is held of them. Not within merge().
  void remove(const std::vector<size_t>& slots);

  // The input of a partition changed (push or reach). Without this in live its records are not
  // looked at; in the replay it is not needed.
  void notify(size_t slot);

  // True when every partition was exhausted and its last replay record is appended. A merger
  // without anything to replay is live from the start.
  Phase phase() const { return phase_; }
  bool is_live() const { return phase_ == Phase::kLive; }
  // Smallest merge key of the partitions in the replay; null until each has had a record or is
  // proven at its end, null in live, null while a first record has no timestamp.
  std::optional<int64_t> watermark() const;
  size_t blocked_on() const { return blocked_on_; }  // after kBlocked
  const Status& status() const { return status_; }
  const RowDigest& digest() const { return digest_; }

  // The slots in use, in the order (topic, partition, source).
  const std::vector<size_t>& in_order() const { return in_order_; }
  Partition& partition(size_t slot) { return *partitions_[slot]; }
  const Partition& partition(size_t slot) const { return *partitions_[slot]; }

 private:
  // A leaf of the tree is another number than the partition's slot.
  Partition& partition_in(uint32_t leaf) { return *in_leaf_[leaf]; }
  TreeKey key_of(uint32_t leaf) const;
  void activate(size_t slot);
  void rank();  // in_order_ and rank_ from the partitions' ids
  void go_live();
  void build_tree();  // starts the tournament over `active_`
  // Appends the winner's records that come before the runner-up. False: the builder is full, or
  // status() says why not.
  bool release_run(SlabBuilder& builder, uint32_t slot);
  // Appends the winner's next `count` records; false as above. Inlined, so that for one record
  // nothing is left of the loops over them.
  __attribute__((always_inline)) bool release_some(SlabBuilder& builder, uint32_t slot,
                                                   size_t count);
  bool stop(const SlabBuilder& builder, uint32_t slot, bool is_late);
  Outcome drained();
  Outcome fail(const Status& status);

  std::vector<Partition*> partitions_;  // by slot; null where none is
  std::vector<size_t> in_order_;
  std::vector<size_t> rank_;  // by slot: its place in in_order_
  const bool fail_on_late_record_;
  const bool digests_;
  RowDigest digest_;
  std::vector<uint64_t> seeds_;  // of the digest, by slot
  Phase phase_ = Phase::kReplay;
  // Slots of the partitions in the tree, in order: a leaf's number is its place here. In the
  // replay all of them; in live those that were notified since all was drained.
  std::vector<size_t> active_;
  std::vector<bool> is_active_;      // by slot
  std::vector<Partition*> in_leaf_;  // of the tree
  std::vector<TreeKey> leaves_;      // scratch of build_tree
  LoserTree tree_;
  size_t blocked_on_ = 0;
  Status status_;
};

}  // namespace tidemark
