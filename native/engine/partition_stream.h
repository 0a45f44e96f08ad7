// PartitionStream: one partition of a stream, as one thing: where it comes from, what is held of it
// and what was counted. It moves what was fetched into the merge, as far as its share of the budget
// allows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/input_partition.h"
#include "merge/partition.h"
#include "source/source.h"

namespace tidemark {

// Read from the event loop's thread at any time, for as long as it likes.
struct PartitionStats {
  static constexpr int64_t kNone = -1;

  PartitionStats(PartitionId its_id, const AssignedPartition& assigned)
      : id(std::move(its_id)), range(assigned.range), identity(assigned.identity) {}

  const PartitionId id;
  const ReplayRange range;
  const std::shared_ptr<const TopicIdentity> identity;  // of its topic
  std::atomic<int64_t> fetched_offset{kNone};
  std::atomic<int64_t> last_message_timestamp{kNone};
  std::atomic<bool> is_paused{false};
};

class PartitionStream final : private PartitionInput {
 public:
  PartitionStream(PartitionHandle handle, InputPartition input, WindowPool& windows);
  // What is gone is not paused.
  ~PartitionStream() { stats_->is_paused.store(false, std::memory_order_relaxed); }
  PartitionStream(const PartitionStream&) = delete;
  PartitionStream& operator=(const PartitionStream&) = delete;

  // Begins to read, from the start of the range. A failure is the partition's.
  void start();
  // Others have joined: what is held above the share stays.
  void set_share(size_t bytes) { share_bytes_ = bytes; }

  // The bell rang for it.
  void note_ready();
  // Takes until nothing is there or the share is full; a partition that holds nothing may always
  // take one piece, so that the merge can never wait for itself. True when anything was taken.
  bool take();
  // What is there was left because the share is full.
  bool has_more() const { return has_more_; }
  // It waits for its turn to take on.
  bool is_in_backlog() const { return is_in_backlog_; }
  void set_in_backlog(bool is_in) { is_in_backlog_ = is_in; }
  // A fault that the source tells.
  void fail(Status status) override;

  PartitionHandle handle() const { return handle_; }
  Source& source() const { return source_; }
  Partition& partition() { return partition_; }
  const Partition& partition() const { return partition_; }
  const std::shared_ptr<PartitionStats>& stats() const { return stats_; }

 private:
  void push(const RecordBatch& batch, BatchOwner owner, size_t bytes) override;
  void reach(int64_t offset) override { partition_.reach(offset); }
  int64_t position() const override { return partition_.position(); }

  bool has_room() const;
  size_t room() const;
  void stop_if_failed();

  const PartitionHandle handle_;
  Source& source_;
  const AssignedPartition assigned_;
  Partition partition_;
  const std::shared_ptr<PartitionStats> stats_;
  size_t share_bytes_ = 0;
  bool has_more_ = false;
  bool is_in_backlog_ = false;
  bool is_stopped_ = false;
};

}  // namespace tidemark
