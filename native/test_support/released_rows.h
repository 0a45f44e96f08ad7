// ReleasedRows: checks the rows of a stream one by one, while partitions join, leave and fail. A
// plain model: what is still to come of each partition, and which row came last.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "log/frontier.h"
#include "log/partition_id.h"
#include "test_support/merge_oracle.h"

namespace tidemark::testing {

class ReleasedRows {
 public:
  explicit ReleasedRows(const std::vector<Log>& logs) : partitions_(logs.size()) {
    for (size_t p = 0; p < logs.size(); ++p) {
      partition_of_[{logs[p].id.topic_index, logs[p].id.partition, logs[p].id.source_index}] = p;
      // Each log alone: its rows in the replay and in live, with their merge keys.
      std::vector<Log> alone{logs[p]};
      Expected expected = expect(alone, false);
      for (ExpectedRow& row : expected.replay)
        row.row.log = p;
      for (ExpectedRow& row : expected.live[0])
        row.row.log = p;
      partitions_[p].replay = std::move(expected.replay);
      partitions_[p].live = std::move(expected.live[0]);
    }
  }

  // It joins while the replay runs: what was released before is not taken back.
  void join_replay(size_t p) { partitions_[p].joins_replay = true; }
  // All that it has is live.
  void join_live(size_t p) {
    Partition& partition = partitions_[p];
    partition.live.insert(partition.live.begin(), partition.replay.begin(), partition.replay.end());
    partition.replay.clear();
  }
  void leave(size_t p) { partitions_[p].has_left = true; }

  void check(const std::vector<SlabRow>& rows, bool is_replay) {
    for (const SlabRow& row : rows) {
      ASSERT_NO_FATAL_FAILURE(is_replay ? check_replay(row) : check_live(row));
    }
    if (rows.empty()) return;
    for (Partition& partition : partitions_)
      partition.slabs_since_it_left += partition.has_left;
  }

  // All rows of the replay came, of those that stayed.
  void check_replay_is_whole() const {
    for (const Partition& partition : partitions_) {
      if (!partition.has_left && partition.has_started) {
        ASSERT_EQ(partition.next_replay, partition.replay.size()) << "live before its time";
      }
    }
  }
  bool is_whole(size_t p) const {
    const Partition& partition = partitions_[p];
    return partition.next_replay == partition.replay.size() &&
           partition.next_live == partition.live.size();
  }
  void started(size_t p) { partitions_[p].has_started = true; }

  // What was released lies before a partition's frontier, and nothing else does.
  void check_frontier(const PartitionId& id, const Frontier& frontier) const {
    const Partition& partition =
        partitions_[partition_of_.at({id.topic_index, id.partition, id.source_index})];
    const auto& [replay, live] = std::tie(partition.replay, partition.live);
    const ExpectedRow* const last = partition.next_live > 0     ? &live[partition.next_live - 1]
                                    : partition.next_replay > 0 ? &replay[partition.next_replay - 1]
                                                                : nullptr;
    const ExpectedRow* const next = partition.next_replay < replay.size()
                                        ? &replay[partition.next_replay]
                                    : partition.next_live < live.size() ? &live[partition.next_live]
                                                                        : nullptr;
    ASSERT_GT(frontier.next_offset, last ? last->row.offset : -1) << "it would come twice";
    ASSERT_LE(frontier.next_offset, next ? next->row.offset : kFarOffset) << "it would not come";
    ASSERT_EQ(frontier.merge_key, last ? last->merge_key : kSmallestMergeKey);
  }

 private:
  static constexpr int64_t kFarOffset = std::numeric_limits<int64_t>::max();

  struct Partition {
    std::vector<ExpectedRow> replay, live;
    size_t next_replay = 0, next_live = 0;
    bool has_started = false;
    bool joins_replay = false;
    bool has_left = false;
    int slabs_since_it_left = 0;
    std::optional<ExpectedRow> largest_before;  // of all rows that came before its first
  };

  size_t find(const SlabRow& row) const {
    return partition_of_.at({row.topic, row.partition, row.source});
  }

  void check_replay(const SlabRow& row) {
    Partition& partition = partitions_[find(row)];
    ASSERT_LT(partition.next_replay, partition.replay.size()) << "a row too many";
    if (partition.next_replay == 0) partition.largest_before = largest_;
    const ExpectedRow& expected = partition.replay[partition.next_replay++];
    ASSERT_TRUE(expected.row == row) << "offset " << row.offset;
    // One batch is prepared ahead, and one slab may be open.
    ASSERT_LE(partition.slabs_since_it_left, 2) << "a partition that has left";
    if (last_ && expected < *last_) {
      ASSERT_TRUE(partition.joins_replay && expected < *partition.largest_before)
          << "offset " << row.offset << " is out of order";
    }
    last_ = expected;
    if (!largest_ || *largest_ < expected) largest_ = expected;
  }

  void check_live(const SlabRow& row) {
    Partition& partition = partitions_[find(row)];
    ASSERT_LT(partition.next_live, partition.live.size()) << "a row too many in live";
    ASSERT_TRUE(partition.live[partition.next_live++].row == row) << "offset " << row.offset;
    ASSERT_LE(partition.slabs_since_it_left, 2) << "a partition that has left";
  }

  std::map<std::tuple<int32_t, int32_t, int32_t>, size_t> partition_of_;
  std::vector<Partition> partitions_;
  std::optional<ExpectedRow> last_, largest_;
};

}  // namespace tidemark::testing
