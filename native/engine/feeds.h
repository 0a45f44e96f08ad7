// Feeds: the feeds of all partitions of a stream, which share one budget. They take what was
// fetched for those whose queues rang, and later what was left in the queues for want of room.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "engine/partition_feed.h"
#include "engine/wake_up.h"
#include "kafka/client.h"
#include "kafka/fetch_limits.h"
#include "merge/merger.h"
#include "status.h"

namespace tidemark {

// Read from the event loop's thread at any time: what was fetched so far.
struct FetchStats {
  std::atomic<int64_t> records{0};
  std::deque<PartitionStats> partitions;  // by the merger's index; they never move
};

class Feeds {
 public:
  // All of them must outlive this. `listener` hears of errors that heal by themselves.
  Feeds(Client& client, Merger& merger, WakeUp& wake_up, const ClientListener& listener,
        FetchStats& stats);

  // To be called before the first one starts, and before others join: each gets its share.
  void share_budget(size_t budget, size_t partitions);
  // Begins to fetch the merger's partition `index`, which is size().
  Status start_next();

  size_t size() const { return feeds_.size(); }
  const PartitionFeed& operator[](size_t index) const { return *feeds_[index]; }
  PartitionFeed& operator[](size_t index) { return *feeds_[index]; }

  // The queues of these rang.
  void take_rung(const std::vector<uint32_t>& rung);
  // Takes what is there for one partition. True when anything was.
  bool take(uint32_t index);
  // Takes what was left in the queues, as far as the held records have made room; in live nobody
  // asks for a partition by name. True when anything was taken.
  bool take_backlog();
  // A fault of the partition, at its position.
  void fail(size_t index, rd_kafka_resp_err_t err, const char* reason);

 private:
  Client& client_;
  Merger& merger_;
  WakeUp& wake_up_;
  const ClientListener& listener_;
  FetchStats& stats_;
  FetchLimits limits_{};
  std::vector<std::unique_ptr<PartitionFeed>> feeds_;
  std::vector<uint32_t> backlog_;  // partitions whose queue was left with something in it
  std::vector<bool> in_backlog_;
};

}  // namespace tidemark
