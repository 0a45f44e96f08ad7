// PartitionFeed: moves what was fetched from a partition's queue into the merge, as far as the
// partition's share of the budget allows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "engine/wake_up.h"
#include "kafka/notice.h"
#include "kafka/partition_queue.h"
#include "merge/partition.h"

namespace tidemark {

// Read from the event loop's thread at any time.
struct PartitionStats {
  static constexpr int64_t kNone = -1;
  std::atomic<int64_t> fetched_offset{kNone};
  std::atomic<int64_t> last_message_timestamp{kNone};
  std::atomic<bool> is_paused{false};
};

class PartitionFeed {
 public:
  PartitionFeed(Partition& partition, PartitionStats& stats, size_t share_bytes)
      : partition_(partition), stats_(stats), share_bytes_(share_bytes) {}

  // Begins to fetch, from the position on. The queue rings `wake_up` with `index`.
  Status start(rd_kafka_t* handle, WakeUp& wake_up, uint32_t index, bool is_end_known);
  // Others have joined: what is held above the share stays.
  void set_share(size_t bytes) { share_bytes_ = bytes; }

  // The queue rang: it is not empty any more.
  void note_ready();
  // True while ops are left in the queue because the share is full.
  bool queue_may_hold() const { return queue_may_hold_; }
  // Takes ops until the queue is empty or the share is full; a partition that holds nothing may
  // always take one, so that the merge can never wait for itself. True when anything was taken.
  bool take();
  // A fault that `reason` tells of, at the position: it comes after what is held.
  void fail(rd_kafka_resp_err_t err, const char* reason);
  // The newest error that heals by itself, once; null when there is none that was not taken.
  const Notice* take_error();
  // The same for as long as nothing has arrived since, and it is not forgotten.
  const Notice* last_error() const { return has_last_error_ ? &last_error_ : nullptr; }
  void forget_error() { has_last_error_ = false; }

 private:
  struct Ringer {  // what the queue's callback gets
    WakeUp* wake_up;
    uint32_t index;
  };

  bool has_room() const;
  size_t ops_to_take() const;
  void refresh_paused();
  void stop_if_failed();
  void handle(FetchedOp op);
  void note_error(rd_kafka_resp_err_t err, const char* text);

  Partition& partition_;
  PartitionStats& stats_;
  Ringer ringer_{};
  PartitionQueue queue_;
  size_t share_bytes_;
  size_t usual_op_bytes_ = 64 * 1024;  // moving average, to take about as much as there is room for
  bool queue_may_hold_ = false;
  bool is_stopped_ = false;
  Notice last_error_{Notice::Type::kPartitionError};
  bool has_last_error_ = false;  // see last_error()
  bool is_error_new_ = false;    // not taken
};

}  // namespace tidemark
