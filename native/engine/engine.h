// Engine: the one thread of a manager. It owns the client, the queues, the merge and the builder;
// everybody else talks to it through the mailbox.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "clock.h"
#include "columns/slab_builder.h"
#include "columns/slab_pool.h"
#include "engine/engine_options.h"
#include "engine/feeds.h"
#include "engine/mailbox.h"
#include "engine/progress_watch.h"
#include "engine/refusals.h"
#include "engine/wake_up.h"
#include "kafka/client.h"
#include "kafka/topic_watch.h"
#include "merge/merger.h"

namespace tidemark {

class Engine {
 public:
  // Starts the thread, which keeps the engine alive until it ends. `ring` is called from it, or
  // from here where no thread can be started, when the mailbox has something new.
  static std::shared_ptr<Engine> start(EngineOptions options, std::function<void()> ring);
  ~Engine();

  // --- for the event loop's thread; nothing here waits, but join() ----------------------------
  const EngineOptions& options() const { return options_; }
  Mailbox& mailbox() { return mailbox_; }
  const std::shared_ptr<SlabPool>& slab_pool() const { return slab_pool_; }
  // Asks the thread to end; `closed` follows in the mailbox, within the close timeout.
  void close();
  void join();
  // Records fetched so far; less those released, they are held.
  int64_t fetched_records() const { return stats_.records.load(std::memory_order_relaxed); }
  // Known once `opened` is in the mailbox without an error.
  const StreamState& first_state() const { return first_state_; }
  Status set_oauth_token(const std::string& token, int64_t lifetime_ms,
                         const std::string& principal);
  void set_oauth_token_failure(const std::string& reason);

 private:
  Engine(EngineOptions options, std::function<void()> ring);

  void run();
  // Connects, finds the partitions and their offsets, begins to fetch.
  Status open();
  Status start_fetching();
  // The stream.
  void serve_events();
  void advance();
  void fail(Status status);
  void forget_lost_records();
  void answer_demand();
  bool has_rows() const { return builder_.is_open() && builder_.rows() > 0; }
  bool has_live_rows() const { return has_rows() && merger_->is_live(); }  // they answer any poll
  void hear(Notice notice);
  // Answers a poll with ERR_STALLED where one waits for what does not arrive.
  void watch_progress();
  void put_slab();
  void enter_live();
  void take_refusal(const Notice& notice);
  // What has become of the topics since.
  void check_topics();
  void take_changes(const TopicChanges& changes);
  void join_added();
  StreamState current_state() const;
  // The end.
  void shut_down();

  const EngineOptions options_;
  WakeUp wake_up_;
  Mailbox mailbox_;
  SlabBuilder builder_;
  const std::shared_ptr<SlabPool> slab_pool_;
  std::thread thread_;
  std::atomic<bool> closing_{false};
  std::mutex
      client_mutex_;  // the client's handle is given up by the engine, used by the event loop
  Client client_;
  ClientListener client_listener_;
  Refusals refusals_;  // since the stream began

  // By the merger's index. Read by the event loop until the engine is gone: they never move.
  std::deque<ResolvedPartition> resolved_;
  FetchStats stats_;
  std::unique_ptr<Merger> merger_;
  std::optional<Feeds> feeds_;
  TopicWatch topic_watch_{client_};
  Clock::time_point next_topic_check_;
  std::vector<TopicChanges::Added> added_;       // partitions that wait for the end of the replay
  std::optional<ProgressWatch> progress_watch_;  // from the first fetch on
  StreamState first_state_;
  bool failed_ = false;
  bool has_more_ = false;  // advance() stopped for want of room or time, not of records
  int64_t released_records_ = 0;
};

}  // namespace tidemark
