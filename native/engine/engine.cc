#include "engine/engine.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "engine/creation.h"
#include "kafka/kafka_error.h"
#include "kafka/reaper.h"
#include "start_thread.h"

namespace tidemark {
namespace {

// At the end of the logs a broker keeps a fetch so long when it has nothing new, as Kafka's own
// consumer has it; a record that arrives in what was asked for ends the wait at once. Idle managers
// at the replay's 10 ms cost a quarter of a core.
constexpr int kLiveFetchWaitMs = 500;
constexpr int kLogNotice = 5;  // as in syslog

// A topic that is created again or given more partitions is noticed within two of these, one that
// is deleted within three.
constexpr auto kTopicCheckPeriod = std::chrono::milliseconds(2'500);

// One slab is with the caller, one prepared, one on its way back from a finalizer. Where the caller
// is faster all of them are free at once: to make one of 50 MB anew took a fifth of the time to
// fill it.
constexpr size_t kMostFreeSlabs = 3;

}  // namespace

std::shared_ptr<Engine> Engine::start(EngineOptions options, std::function<void()> ring) {
  std::shared_ptr<Engine> engine(new Engine(std::move(options), std::move(ring)));
  Status started = start_thread(&engine->thread_, [engine] { engine->run(); });
  if (!started.ok()) {
    engine->mailbox_.put_opened(std::move(started));
    engine->mailbox_.put_closed();
  }
  return engine;
}

Engine::Engine(EngineOptions options, std::function<void()> ring)
    : options_(std::move(options)),
      mailbox_(wake_up_, std::move(ring)),
      builder_(options_.columns, options_.batch_size, options_.max_batch_bytes),
      slab_pool_(
          std::make_shared<SlabPool>(kMostFreeSlabs, kMostFreeSlabs * builder_.most_slab_bytes())) {
  client_listener_.on_log = [this](LogLine line) {
    if (options_.wants_logs) mailbox_.put_log(std::move(line));
  };
  client_listener_.on_token_request = [this] { mailbox_.put_token_request(); };
  client_listener_.on_notice = [this](Notice notice) { hear(std::move(notice)); };
}

Engine::~Engine() {
  // The thread keeps the engine alive, so it has ended or is the one that runs this.
  if (thread_.joinable()) thread_.detach();
}

void Engine::close() {
  closing_ = true;
  wake_up_.signal();
}

void Engine::join() {
  if (thread_.joinable()) thread_.join();
}

Status Engine::set_oauth_token(const std::string& token, int64_t lifetime_ms,
                               const std::string& principal) {
  std::lock_guard<std::mutex> lock(client_mutex_);
  if (!client_.handle()) return Status::error(ErrorCode::kClosed, "the manager is closed");
  return client_.set_oauth_token(token, lifetime_ms, principal);
}

void Engine::set_oauth_token_failure(const std::string& reason) {
  std::lock_guard<std::mutex> lock(client_mutex_);
  if (client_.handle()) client_.set_oauth_token_failure(reason);
}

void Engine::run() {
#ifdef __linux__
  pthread_setname_np(pthread_self(), "tidemark");
#endif
  Status opened = open();
  const bool streaming = opened.ok();
  mailbox_.put_opened(std::move(opened));
  if (streaming) {
    std::vector<uint32_t> rung;
    while (!closing_) {
      serve_events();
      check_topics();
      feeds_->take_rung(rung);
      advance();
      answer_demand();
      if (closing_) break;
      watch_progress();
      const auto until = mailbox_.begin_sleep(
          {next_topic_check_, progress_watch_->patience(), has_more_, has_live_rows()});
      wake_up_.wait_until(until, &rung);
    }
  }
  mailbox_.put_final(Status::error(ErrorCode::kClosed, "the manager is closed"));
  shut_down();
  mailbox_.put_closed();
}

// --- creation ---------------------------------------------------------------------------------

Status Engine::open() {
  {
    std::lock_guard<std::mutex> lock(client_mutex_);
    Status status = client_.open(
        options_.client, [](rd_kafka_t*, void* opaque) { static_cast<WakeUp*>(opaque)->signal(); },
        &wake_up_);
    if (!status.ok()) return status;
  }
  Creation creation(options_, client_, client_listener_, wake_up_, closing_);
  if (Status status = creation.run(); !status.ok()) return status;
  resolved_.assign(creation.partitions().begin(), creation.partitions().end());
  topic_watch_.watch(creation.topics());
  next_topic_check_ = Clock::now() + kTopicCheckPeriod;
  return start_fetching();
}

Status Engine::start_fetching() {
  std::vector<std::unique_ptr<Partition>> partitions;
  for (const ResolvedPartition& resolved : resolved_) {
    partitions.push_back(
        std::make_unique<Partition>(resolved.id, resolved.range, resolved.gap_policy));
  }
  merger_ = std::make_unique<Merger>(std::move(partitions), options_.fail_on_late_record);
  feeds_.emplace(client_, *merger_, wake_up_, client_listener_, stats_,
                 options_.max_buffered_bytes);
  feeds_->share_budget(merger_->size());
  while (feeds_->size() < merger_->size()) {
    if (Status status = feeds_->start_next(); !status.ok()) return status;
  }
  progress_watch_.emplace(client_, *merger_, *feeds_, options_.stall_timeout);
  if (merger_->is_live()) enter_live();
  first_state_ = current_state();
  return Status();
}

// --- the stream -------------------------------------------------------------------------------

void Engine::serve_events() {
  TopicChanges changes;
  while (EventPtr answer = client_.serve(client_listener_)) {
    // What the watch does not know came too late to be wanted.
    topic_watch_.take(answer.get(), &changes);
  }
  take_changes(changes);
}

void Engine::hear(Notice notice) {
  if (merger_) take_refusal(notice);  // before, it is the creation's
  if (options_.wants_notices) mailbox_.put_notice(std::move(notice));
}

// One refusal may be of a broker that has just started, or of a password that is being changed; one
// that stays is a fault of the partitions that this broker leads. An error that names no broker is
// of a token that could not be had: the connections that there are live on.
void Engine::take_refusal(const Notice& notice) {
  if (notice.type == Notice::Type::kBrokerUp) refusals_.pass(notice.broker_id);
  const auto err = static_cast<rd_kafka_resp_err_t>(notice.kafka_code);
  if (!refuses_client(err) || notice.broker_id < 0) return;
  if (!refusals_.stays(notice.broker_id, Clock::now())) return;
  for (size_t i = 0; i < merger_->size(); ++i) {
    if (client_.progress_of(resolved_[i].id).broker_id == notice.broker_id)
      feeds_->fail(i, err, notice.message.c_str());
  }
}

void Engine::check_topics() {
  if (Clock::now() < next_topic_check_) return;
  next_topic_check_ = Clock::now() + kTopicCheckPeriod;
  topic_watch_.ask();
}

void Engine::take_changes(const TopicChanges& changes) {
  for (const auto& [topic, err, reason] : changes.faults) {
    for (size_t i = 0; i < merger_->size(); ++i) {
      if (resolved_[i].id.topic == topic) feeds_->fail(i, err, reason);
    }
  }
  added_.insert(added_.end(), changes.added.begin(), changes.added.end());
  if (merger_->is_live()) join_added();
}

// New partitions take no part in the replay, whose end offsets are fixed: they join in live, each
// from its beginning, and take their share of the budget from the others.
void Engine::join_added() {
  if (!added_.empty()) feeds_->share_budget(merger_->size() + added_.size());
  for (const auto& [id, start_offset] : std::exchange(added_, {})) {
    const std::string& topic = id.topic;
    const auto sibling =
        std::find_if(resolved_.begin(), resolved_.end(),
                     [&topic](const auto& other) { return other.id.topic == topic; });
    const ResolvedPartition& added = resolved_.emplace_back(
        ResolvedPartition{id, {start_offset, start_offset}, sibling->gap_policy});
    merger_->add(std::make_unique<Partition>(added.id, added.range, added.gap_policy));
    client_listener_.on_log({kLogNotice, "PARTITION",
                             "topic '" + topic + "' has a new partition, " +
                                 std::to_string(id.partition) + ": read from offset " +
                                 std::to_string(start_offset)});
    Notice notice(Notice::Type::kPartitionAdded);
    notice.topic = topic;
    notice.partition = id.partition;
    notice.offset = start_offset;
    client_listener_.on_notice(std::move(notice));
    if (Status status = feeds_->start_next(); !status.ok()) {
      const size_t index = merger_->size() - 1;
      merger_->partition(index).fail(std::move(status));
      merger_->notify(index);
    }
  }
}

// Prepares the next answer as far as it goes. One answer is prepared ahead, no more: while it
// waits in the mailbox nothing is merged.
void Engine::advance() {
  has_more_ = !failed_;
  while (!failed_ && !closing_ && mailbox_.is_empty()) {
    if (!builder_.is_open() && !builder_.open(slab_pool_->take())) {
      fail(Status::error(ErrorCode::kOutOfMemory, "no memory for a batch"));
      return;
    }
    switch (merger_->merge(builder_)) {
      case Merger::Outcome::kFull:
        put_slab();
        break;
      case Merger::Outcome::kReplayEnded:
        enter_live();
        put_slab();
        break;
      case Merger::Outcome::kBlocked:
        has_more_ = feeds_->take(static_cast<uint32_t>(merger_->blocked_on()));
        break;
      case Merger::Outcome::kDrained:
        has_more_ = feeds_->take_backlog();
        break;
      case Merger::Outcome::kFailed:
        if (builder_.rows() > 0) put_slab();
        forget_lost_records();
        fail(merger_->status());
        break;
    }
    if (!has_more_) return;  // until a queue rings
    const auto deadline = mailbox_.demand();
    if (deadline && Clock::now() >= *deadline) return;
  }
}

// Those behind a fault that was found late, when they were decoded, will never be released.
void Engine::forget_lost_records() {
  int64_t held = 0;
  for (size_t i = 0; i < merger_->size(); ++i)
    held += merger_->partition(i).held_records();
  stats_.records.store(released_records_ + held, std::memory_order_relaxed);
}

void Engine::fail(Status status) {
  failed_ = true;
  has_more_ = false;
  mailbox_.put_final(std::move(status));
}

void Engine::answer_demand() {
  const auto deadline = mailbox_.demand();
  if (!deadline) return;
  if (has_live_rows() || Clock::now() >= *deadline) put_slab();
}

void Engine::watch_progress() {
  Status stall = progress_watch_->check(mailbox_.time_waited());
  if (stall.ok() || !mailbox_.demand()) return;
  if (has_rows()) {
    put_slab();  // what can be released comes first; who polls again hears of the stall
  } else {
    progress_watch_->restart();
    Answer answer;
    answer.error = std::move(stall);
    mailbox_.put(std::move(answer));
  }
}

void Engine::put_slab() {
  Answer answer;
  if (has_rows()) {
    released_records_ += static_cast<int64_t>(builder_.rows());
    answer.slab = builder_.finish();
  }
  answer.state = current_state();
  // What was merged has made room. Without this a partition that is not waited for stayed below its
  // share with a full queue: neither fetched nor shown as paused.
  if (feeds_->take_backlog()) has_more_ = true;
  mailbox_.put(std::move(answer));
}

void Engine::enter_live() {
  client_.set_live(kLiveFetchWaitMs);
  join_added();
}

StreamState Engine::current_state() const {
  StreamState state;
  state.is_live = merger_->is_live();
  state.low_water_mark = merger_->low_water_mark();
  state.released_records = released_records_;
  state.partitions.reserve(merger_->size());
  for (const size_t i : merger_->in_order()) {
    const Partition& partition = merger_->partition(i);
    state.partitions.push_back({&resolved_[i], &stats_.partitions[i], partition.released_offset(),
                                partition.late_records(), partition.missing_offsets(),
                                state.is_live || partition.exhausted()});
  }
  return state;
}

// --- the end ----------------------------------------------------------------------------------

// Order matters: rd_kafka_destroy never returns while a message, queue or topic is still held.
void Engine::shut_down() {
  progress_watch_.reset();
  feeds_.reset();
  merger_.reset();
  rd_kafka_t* handle;
  {
    std::lock_guard<std::mutex> lock(client_mutex_);
    handle = client_.detach();
  }
  if (handle) reap(handle, std::chrono::milliseconds(options_.close_timeout_ms));
}

}  // namespace tidemark
