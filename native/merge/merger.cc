#include "merge/merger.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "errors.h"

namespace tidemark {

namespace {

// The largest merge key with which the winner in `slot` still comes before `runner_up`. The
// subtraction cannot wrap: with the smallest key and the smaller slot it would be the winner.
int64_t last_key_before(TreeKey runner_up, uint32_t slot) {
  if (bound_of(runner_up) == ReleaseBound::kNone) return std::numeric_limits<int64_t>::max();
  return merge_key_of(runner_up) - (slot_of(runner_up) < slot ? 1 : 0);
}

// Records from the first on whose merge key is at most `last_key`; the first counts in any case.
size_t run_length(const Record* records, size_t count, int64_t last_key) {
  if (count == 1 || records[1].merge_key > last_key) return 1;
  if (records[count - 1].merge_key <= last_key) return count;
  size_t length = 2;
  while (records[length].merge_key <= last_key)
    ++length;
  return length;
}

size_t count_until_late(const Record* records, size_t count) {
  return static_cast<size_t>(std::find_if(records, records + count, is_late) - records);
}

Status late_head(const Partition& partition) {
  const Record& record = *partition.head();
  const PartitionId& id = partition.id();
  return late_record({id.topic, id.partition, record.offset, id.source}, record.timestamp,
                     record.merge_key);
}

}  // namespace

Merger::Merger(const std::vector<Partition*>& partitions, bool fail_on_late_record, bool digests)
    : partitions_(partitions),
      fail_on_late_record_(fail_on_late_record),
      digests_(digests),
      is_active_(partitions_.size(), false) {
  rank();
  const bool nothing_to_replay =
      std::all_of(partitions_.begin(), partitions_.end(),
                  [](const Partition* partition) { return partition->exhausted(); });
  for (const size_t slot : in_order_)
    activate(slot);
  if (nothing_to_replay) {
    go_live();
  } else {
    build_tree();
  }
}

Merger::Outcome Merger::merge(SlabBuilder& builder) {
  if (!status_.ok()) return Outcome::kFailed;
  if (is_live()) build_tree();
  uint32_t last_slot = ~uint32_t{0};
  for (;;) {
    const TreeKey winner = tree_.winner();
    const uint32_t slot = slot_of(winner);
    switch (bound_of(winner)) {
      case ReleaseBound::kNone:
        if (is_live()) return drained();
        go_live();
        return Outcome::kReplayEnded;
      case ReleaseBound::kNothing:
        // Leaves are looked at anew here alone: what arrived since can only have raised them.
        tree_.replace_winner(key_of(slot));
        if (tree_.winner() != winner) break;
        if (builder.full()) return Outcome::kFull;
        blocked_on_ = active_[slot];
        if (!partition_in(slot).status().ok()) return fail(partition_in(slot).status());
        return Outcome::kBlocked;
      case ReleaseBound::kHead:
        // The runner-up is looked for only once a partition wins twice: interleaved records have
        // no use for it.
        if (!(slot == last_slot ? release_run(builder, slot) : release_some(builder, slot, 1))) {
          return status_.ok() ? Outcome::kFull : Outcome::kFailed;
        }
        tree_.replace_winner(key_of(slot));
        last_slot = slot;
        break;
    }
  }
}

bool Merger::release_run(SlabBuilder& builder, uint32_t slot) {
  const Partition& partition = partition_in(slot);
  const int64_t last_key = last_key_before(tree_.runner_up(), slot);
  do {
    const size_t count = run_length(partition.head(), partition.head_count(), last_key);
    if (!release_some(builder, slot, count)) return false;
  } while (partition.has_head() && partition.head()->merge_key <= last_key);
  return true;
}

inline bool Merger::release_some(SlabBuilder& builder, uint32_t slot, size_t count) {
  Partition& partition = partition_in(slot);
  const Record* const head = partition.head();
  const size_t wanted = fail_on_late_record_ ? count_until_late(head, count) : count;
  const size_t appended = wanted == 0 ? 0 : builder.append(partition.origin(), head, wanted);
  if (digests_) digest_.add(seeds_[active_[slot]], head, appended);
  if (appended > 0) partition.release(appended);
  if (appended == count) return true;
  return stop(builder, slot, appended == wanted);
}

bool Merger::stop(const SlabBuilder& builder, uint32_t slot, bool is_late) {
  if (is_late) {
    status_ = late_head(partition_in(slot));
  } else if (builder.failed()) {
    status_ = no_memory_for_batch();
  }
  tree_.replace_winner(key_of(slot));
  return false;
}

void Merger::add(size_t slot, Partition& partition) {
  if (slot >= partitions_.size()) {
    partitions_.resize(slot + 1, nullptr);
    is_active_.resize(slot + 1, false);
  }
  partitions_[slot] = &partition;
  rank();
  if (is_live()) {
    partition.go_live();
  } else {
    activate(slot);
    build_tree();
  }
}

void Merger::remove(const std::vector<size_t>& slots) {
  for (const size_t slot : slots) {
    partitions_[slot] = nullptr;
    if (is_active_[slot]) active_.erase(std::find(active_.begin(), active_.end(), slot));
    is_active_[slot] = false;
  }
  rank();
  if (!is_live()) build_tree();
}

// All memory that the merge needs is taken here.
void Merger::rank() {
  in_order_.clear();
  for (size_t slot = 0; slot < partitions_.size(); ++slot) {
    if (partitions_[slot]) in_order_.push_back(slot);
  }
  std::sort(in_order_.begin(), in_order_.end(),
            [this](size_t a, size_t b) { return partitions_[a]->id() < partitions_[b]->id(); });
  rank_.resize(partitions_.size());
  for (size_t place = 0; place < in_order_.size(); ++place)
    rank_[in_order_[place]] = place;
  if (digests_) {
    seeds_.resize(partitions_.size());
    for (const size_t slot : in_order_) {
      const PartitionId& id = partitions_[slot]->id();
      seeds_[slot] = RowDigest::seed_of(id.topic, id.partition);
    }
  }
  active_.reserve(in_order_.size());
  leaves_.reserve(in_order_.size());
  in_leaf_.reserve(in_order_.size());
  tree_.reserve(in_order_.size());
}

void Merger::notify(size_t slot) {
  if (is_live()) activate(slot);
}

std::optional<int64_t> Merger::watermark() const {
  if (is_live()) return std::nullopt;
  int64_t lowest = std::numeric_limits<int64_t>::max();
  for (const size_t slot : in_order_) {
    const Partition& partition = *partitions_[slot];
    switch (release_bound(partition.has_head(), partition.exhausted())) {
      case ReleaseBound::kHead:
        lowest = std::min(lowest, partition.head()->merge_key);
        break;
      case ReleaseBound::kNothing:
        if (!partition.released_merge_key()) return std::nullopt;
        lowest = std::min(lowest, *partition.released_merge_key());
        break;
      case ReleaseBound::kNone:
        break;
    }
  }
  if (lowest == kSmallestMergeKey) return std::nullopt;
  return lowest;
}

void Merger::activate(size_t slot) {
  if (is_active_[slot]) return;
  is_active_[slot] = true;
  active_.push_back(slot);
}

void Merger::go_live() {
  phase_ = Phase::kLive;
  for (const size_t slot : in_order_)
    partitions_[slot]->go_live();
}

void Merger::build_tree() {
  std::sort(active_.begin(), active_.end(),
            [this](size_t a, size_t b) { return rank_[a] < rank_[b]; });
  leaves_.clear();
  in_leaf_.clear();
  for (uint32_t leaf = 0; leaf < active_.size(); ++leaf) {
    in_leaf_.push_back(partitions_[active_[leaf]]);
    leaves_.push_back(key_of(leaf));
  }
  tree_.build(leaves_);
}

TreeKey Merger::key_of(uint32_t leaf) const {
  const Partition& partition = *in_leaf_[leaf];
  const Record* const head = partition.head();
  return tree_key(release_bound(head != nullptr, partition.exhausted()),
                  head == nullptr ? 0 : head->merge_key, leaf);
}

// All good records are in the builder: now a fault may be told.
Merger::Outcome Merger::drained() {
  for (const size_t slot : active_) {
    is_active_[slot] = false;
    if (status_.ok()) status_ = partitions_[slot]->status();
  }
  active_.clear();
  return status_.ok() ? Outcome::kDrained : Outcome::kFailed;
}

Merger::Outcome Merger::fail(const Status& status) {
  status_ = status;
  return Outcome::kFailed;
}

}  // namespace tidemark
