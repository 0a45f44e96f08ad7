// Engine: the one thread of a manager. It owns the sources, the merge and the builder; everybody
// else talks to it through the mailbox.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "columns/slab_builder.h"
#include "columns/slab_pool.h"
#include "engine/engine_memory.h"
#include "engine/engine_options.h"
#include "engine/inputs.h"
#include "engine/intake.h"
#include "engine/mailbox.h"
#include "engine/partition_table.h"
#include "engine/stall_detector.h"
#include "merge/merger.h"
#include "source/wake_up.h"

namespace tidemark {

class Engine : private InputsListener {
 public:
  // Starts the thread, which keeps the engine alive until it ends. `ring` is called from it, or
  // from here where no thread can be started, when the mailbox has something new.
  static std::shared_ptr<Engine> start(EngineOptions options, std::function<void()> ring);
  // Without a thread, for who is the thread: see below.
  Engine(EngineOptions options, std::function<void()> ring);
  ~Engine();

  // --- for the event loop's thread; nothing here waits, but join() ----------------------------
  const EngineOptions& options() const { return options_; }
  Mailbox& mailbox() { return mailbox_; }
  const std::shared_ptr<SlabPool>& slab_pool() const { return slab_pool_; }
  // Asks the thread to end; `closed` follows in the mailbox, within the close timeout.
  void close();
  // The last thing that the thread says.
  bool is_closed() { return mailbox_.is_closed(); }
  void join();
  // Records fetched so far; less those released, they are held.
  int64_t fetched_records() const { return fetched_records_.load(std::memory_order_relaxed); }
  EngineMemory memory();
  // Known once `opened` is in the mailbox without an error.
  const StreamState& first_state() const { return first_state_; }

  // --- for the thread: begin(), then turn() whenever the wake-up rang or its time has come, as
  // long as is_running(), then end()
  // ----------------------------------------------------------------
  WakeUp& wake_up() { return wake_up_; }
  void begin() { inputs_.open(wake_up_); }
  bool is_running() const { return !closing_ && (is_opening_ || stream_); }
  // Serves the partitions that rang, and all else that is due. Returns until when it may sleep.
  Clock::time_point turn(const std::vector<PartitionHandle>& rung);
  void end();

 private:
  // What there is once all sources are open.
  struct Stream {
    Stream(PartitionTable& partitions, const std::vector<Partition*>& merged,
           std::atomic<int64_t>& fetched_records, const EngineOptions& options)
        : merger(merged, options.fail_on_late_record, options.digests),
          intake(partitions, merger, fetched_records),
          stalls(partitions, merger, options.stall_timeout) {}

    Merger merger;
    Intake intake;
    StallDetector stalls;
  };

  void run();
  // What the sources tell.
  void on_open(std::vector<InputPartition> partitions) override;
  void on_joined(std::vector<InputPartition> partitions) override;
  void on_left(const std::vector<PartitionHandle>& partitions) override;
  void on_partition_failed(PartitionHandle partition, Status status) override;
  void on_failed(Status status) override;
  void on_client_event(ClientEvent event) override;
  void on_log(LogLine line) override;
  void on_token_request(const std::string& source) override { mailbox_.put_token_request(source); }
  // The stream.
  void advance();
  // The replay is over: live begins, or the stream ends.
  void end_replay();
  void fail(Status status);
  void forget_lost_records();
  void answer_demand();
  bool has_rows() const { return builder_.is_open() && builder_.rows() > 0; }
  // They answer any poll.
  bool has_live_rows() const { return has_rows() && stream_->merger.is_live(); }
  // Answers a poll with ERR_STALLED where one waits for what does not arrive.
  void look_for_stalls();
  void put_slab();
  StreamState current_state() const;

  const EngineOptions options_;
  WakeUp wake_up_;
  Mailbox mailbox_;
  SlabBuilder builder_;
  const std::shared_ptr<SlabPool> slab_pool_;
  std::thread thread_;
  std::atomic<bool> closing_{false};
  std::atomic<int64_t> fetched_records_{0};
  // For memory(), which other threads call.
  std::atomic<size_t> partition_count_{0};
  std::atomic<size_t> filled_slab_bytes_{0};
  Inputs inputs_;
  PartitionTable partitions_;
  std::optional<Stream> stream_;
  StreamState first_state_;
  bool is_opening_ = true;
  bool failed_ = false;
  bool has_more_ = false;  // advance() stopped for want of room or time, not of records
  int64_t released_records_ = 0;
};

}  // namespace tidemark
