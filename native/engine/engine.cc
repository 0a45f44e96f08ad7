#include "engine/engine.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "engine/reaper.h"
#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

// At the end of the logs a broker keeps a fetch so long when it has nothing new; a record that
// arrives ends the wait at once. Idle managers at the replay's 10 ms cost a quarter of a core.
constexpr int kLiveFetchWaitMs = 250;
constexpr int kLogNotice = 5;  // as in syslog
constexpr auto kRetryPause = std::chrono::milliseconds(50);

// A topic that is deleted, created again or given more partitions is noticed within two of these.
constexpr auto kTopicCheckPeriod = std::chrono::seconds(3);

// One slab is with the caller, one prepared, one on its way back from a finalizer. All together
// may keep half of the budget: large ones cost little more to make than to fill.
constexpr size_t kMostFreeSlabs = 3;

}  // namespace

std::shared_ptr<Engine> Engine::start(EngineOptions options, std::function<void()> ring) {
  std::shared_ptr<Engine> engine(new Engine(std::move(options), std::move(ring)));
  engine->thread_ = std::thread([engine] { engine->run(); });
  return engine;
}

Engine::Engine(EngineOptions options, std::function<void()> ring)
    : options_(std::move(options)),
      mailbox_(wake_up_, std::move(ring)),
      slab_pool_(std::make_shared<SlabPool>(kMostFreeSlabs, options_.max_buffered_bytes / 2)),
      builder_(options_.batch_size, options_.max_batch_bytes) {
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
      take_fetched(rung);
      advance();
      answer_demand();
      if (closing_) break;
      watch_progress();
      const auto demand = mailbox_.demand().value_or(Clock::time_point::max());
      wake_up_.wait_until(std::min({demand, next_topic_check_, progress_watch_->due_at()}), &rung);
    }
  }
  mailbox_.put_final(Status::error(ErrorCode::kClosed, "the manager is closed"));
  shut_down();
  mailbox_.put_closed();
}

// --- creation ---------------------------------------------------------------------------------

Status Engine::open() {
  create_deadline_ = Clock::now() + std::chrono::milliseconds(options_.create_timeout_ms);
  {
    std::lock_guard<std::mutex> lock(client_mutex_);
    Status status = client_.open(
        options_.client, [](rd_kafka_t*, void* opaque) { static_cast<WakeUp*>(opaque)->signal(); },
        &wake_up_);
    if (!status.ok()) return status;
  }
  std::vector<ResolvedPartition> resolved;
  TopicResolver resolver(client_, *this);
  Status status = resolver.resolve(
      options_.topics, options_.client.read_committed, options_.cutoff,
      [this](size_t partitions) {
        if (options_.max_buffered_bytes < partitions * kMinBudgetPerPartition) {
          return Status::error(ErrorCode::kInvalidOption,
                               "maxBufferedBytes: " + std::to_string(options_.max_buffered_bytes) +
                                   " bytes are too few for " + std::to_string(partitions) +
                                   " partitions; give at least " +
                                   std::to_string(partitions * kMinBudgetPerPartition) +
                                   " (64 KiB a partition)");
        }
        share_budget(partitions);
        return Status();
      },
      &resolved);
  if (refused_) return *refused_;
  if (closing_) return Status::error(ErrorCode::kClosed, "the manager was closed while it opened");
  if (status.code == ErrorCode::kCreateTimeout) return explain_timeout(std::move(status));
  if (!status.ok()) return status;
  resolved_.assign(resolved.begin(), resolved.end());
  topic_watch_.watch(resolver.topics());
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
  for (uint32_t i = 0; i < resolved_.size(); ++i) {
    if (Status status = start_partition(i); !status.ok()) return status;
  }
  progress_watch_.emplace(client_, *merger_, feeds_, options_.stall_timeout);
  if (merger_->is_live()) enter_live();
  first_state_ = current_state();
  return Status();
}

Status Engine::start_partition(uint32_t index) {
  const ResolvedPartition& resolved = resolved_[index];
  const TopicPartition& id = resolved.id;
  ringers_.push_back({&wake_up_, index});
  in_backlog_.push_back(false);
  feeds_.push_back(std::make_unique<PartitionFeed>(merger_->partition(index), stats_.emplace_back(),
                                                   limits_.share_bytes));
  const auto open_already = std::find_if(topics_.begin(), topics_.end(), [&](const auto* topic) {
    return rd_kafka_topic_name(topic) == id.topic;
  });
  rd_kafka_topic_t* topic = open_already == topics_.end() ? nullptr : *open_already;
  if (!topic) {
    topic = rd_kafka_topic_new(client_.handle(), id.topic.c_str(), nullptr);
    if (!topic) return kafka_error(rd_kafka_last_error(), "opening '" + id.topic + "'", nullptr);
    topics_.push_back(topic);
  }
  PartitionQueue& queue = feeds_.back()->queue();
  Status status = queue.open(
      client_.handle(), topic, id.partition,
      [](rd_kafka_t*, void* opaque) {
        const Ringer* ringer = static_cast<Ringer*>(opaque);
        ringer->wake_up->ring(ringer->index);
      },
      &ringers_.back());
  if (status.ok()) status = queue.start(resolved.range.start_offset);
  if (!status.ok()) {
    status.topic = id.topic;
    status.partition = id.partition;
  }
  return status;
}

Status Engine::explain_timeout(Status status) const {
  status.retriable = true;
  if (!status.topic.empty()) {  // the brokers answer, but not for this topic
    status.message +=
        "; given up after " + std::to_string(options_.create_timeout_ms) + " ms (createTimeoutMs)";
    return status;
  }
  std::string servers;
  for (const auto& [name, value] : options_.client.config) {
    if (name == "bootstrap.servers" || name == "metadata.broker.list") servers = value;
  }
  status.message += ": no answer from '" + servers + "' within " +
                    std::to_string(options_.create_timeout_ms) + " ms (createTimeoutMs)";
  if (!last_client_error_.empty()) status.message += "; last error: " + last_client_error_;
  status.message +=
      "; check 'bootstrap.servers', that the brokers run and that their advertised "
      "listeners can be reached from here";
  return status;
}

EventPtr Engine::next_answer() {
  std::vector<uint32_t> rung;
  for (;;) {
    EventPtr answer = client_.serve(client_listener_);
    if (answer || closing_ || refused_ || Clock::now() >= create_deadline_) return answer;
    wake_up_.wait_until(create_deadline_, &rung);
  }
}

int Engine::remaining_ms() const {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(create_deadline_ - Clock::now());
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

bool Engine::pause_before_retry() {
  const auto until = Clock::now() + kRetryPause;
  std::vector<uint32_t> rung;
  while (!closing_ && !refused_ && Clock::now() < until) {
    wake_up_.wait_until(until, &rung);
  }
  return !closing_ && !refused_ && Clock::now() < create_deadline_;
}

void Engine::hear(Notice notice) {
  // That all brokers are down says nothing of why; what was said of one of them does.
  const bool is_all_down = notice.type == Notice::Type::kAllBrokersDown;
  if (notice.type == Notice::Type::kError || (is_all_down && last_client_error_.empty()))
    last_client_error_ = notice.message;
  if (notice.kafka_code == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
      notice.kafka_code == RD_KAFKA_RESP_ERR__SSL) {
    take_refusal(notice);
  }
  if (notice.type == Notice::Type::kBrokerUp) refusals_.pass(notice.broker);
  if (options_.wants_notices) mailbox_.put_notice(std::move(notice));
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

// While creating there is no use in going on. Later, one refusal may be of a broker that has just
// started, or of a password that is being changed; one that stays ends the stream. An error that
// names no broker is of a token that could not be had: the connections that there are live on.
void Engine::take_refusal(const Notice& notice) {
  const auto err = static_cast<rd_kafka_resp_err_t>(notice.kafka_code);
  if (!merger_) {
    refused_ = kafka_error(err, "connecting", notice.message.c_str());
    return;
  }
  if (notice.broker.empty() || !refusals_.stays(notice.broker, Clock::now())) return;
  for (size_t i = 0; i < merger_->size(); ++i) {
    feeds_[i]->fail(err, notice.message.c_str());
    merger_->notify(i);
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
      if (resolved_[i].id.topic != topic) continue;
      feeds_[i]->fail(err, reason);
      merger_->notify(i);
    }
  }
  added_.insert(added_.end(), changes.added.begin(), changes.added.end());
  if (merger_->is_live()) join_added();
}

// New partitions take no part in the replay, whose end offsets are fixed: they join in live, each
// from its beginning, and take their share of the budget from the others.
void Engine::join_added() {
  if (!added_.empty()) share_budget(merger_->size() + added_.size());
  for (const auto& [id, start_offset] : std::exchange(added_, {})) {
    const std::string& topic = id.topic;
    const auto sibling =
        std::find_if(resolved_.begin(), resolved_.end(),
                     [&topic](const auto& other) { return other.id.topic == topic; });
    const auto index = static_cast<uint32_t>(merger_->size());
    const ResolvedPartition& added = resolved_.emplace_back(
        ResolvedPartition{id, {start_offset, start_offset}, sibling->gap_policy});
    merger_->add(std::make_unique<Partition>(added.id, added.range, added.gap_policy));
    client_listener_.on_log({kLogNotice, "PARTITION",
                             "topic '" + topic + "' has a new partition, " +
                                 std::to_string(id.partition) + ": read from offset " +
                                 std::to_string(start_offset)});
    if (Status status = start_partition(index); !status.ok()) {
      merger_->partition(index).fail(std::move(status));
      merger_->notify(index);
    }
  }
}

void Engine::share_budget(size_t partitions) {
  limits_ = FetchLimits::of(options_.max_buffered_bytes, partitions);
  client_.set_fetch_limits(limits_);
  for (const auto& feed : feeds_)
    feed->set_share(limits_.share_bytes);
}

void Engine::take_fetched(const std::vector<uint32_t>& rung) {
  for (const uint32_t index : rung) {
    feeds_[index]->note_ready();
    take_from(index);
  }
}

bool Engine::take_from(uint32_t index) {
  const Partition& partition = merger_->partition(index);
  PartitionFeed& feed = *feeds_[index];
  const int64_t held_before = partition.held_records();
  const bool taken = feed.take();
  if (taken) {
    fetched_records_.fetch_add(partition.held_records() - held_before, std::memory_order_relaxed);
    merger_->notify(index);
  }
  if (const Notice* error = feed.take_error(); error && options_.wants_notices)
    mailbox_.put_notice(*error);
  if (feed.queue_may_hold() && !in_backlog_[index]) {
    in_backlog_[index] = true;
    backlog_.push_back(index);
  }
  return taken;
}

// Takes what was left in the queues, as far as the held records have made room; in live nobody
// asks for a partition by name. True when anything was taken.
bool Engine::take_backlog() {
  if (backlog_.empty()) return false;
  bool taken = false;
  std::vector<uint32_t> left = std::exchange(backlog_, {});
  for (const uint32_t index : left)
    in_backlog_[index] = false;
  for (const uint32_t index : left)
    taken |= take_from(index);
  return taken;
}

// Prepares the next answer as far as it goes. One answer is prepared ahead, no more: while it
// waits in the mailbox nothing is merged.
void Engine::advance() {
  while (!failed_ && !closing_ && mailbox_.is_empty()) {
    if (!builder_.is_open() && !builder_.open(slab_pool_->take())) {
      failed_ = true;
      mailbox_.put_final(Status::error(ErrorCode::kOutOfMemory, "no memory for a batch"));
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
        if (!take_from(static_cast<uint32_t>(merger_->blocked_on()))) return;  // until it rings
        break;
      case Merger::Outcome::kDrained:
        if (!take_backlog()) return;
        break;
      case Merger::Outcome::kFailed:
        failed_ = true;
        if (builder_.rows() > 0) put_slab();
        mailbox_.put_final(merger_->status());
        return;
    }
    const auto deadline = mailbox_.demand();
    if (deadline && Clock::now() >= *deadline) return;
  }
}

void Engine::answer_demand() {
  const auto deadline = mailbox_.demand();
  if (!deadline) return;
  const bool has_rows = builder_.is_open() && builder_.rows() > 0;
  if ((has_rows && merger_->is_live()) || Clock::now() >= *deadline) put_slab();
}

void Engine::watch_progress() {
  progress_watch_->run(Clock::now(), mailbox_.demand().has_value());
  Status stall = progress_watch_->check();
  if (stall.ok() || !mailbox_.demand()) return;
  if (builder_.is_open() && builder_.rows() > 0) {
    put_slab();  // what can be released comes first; who polls again hears of the stall
  } else {
    progress_watch_->restart();
    Answer answer;
    answer.error = std::move(stall);
    mailbox_.put(std::move(answer));
  }
  progress_watch_->run(Clock::now(), false);
}

void Engine::put_slab() {
  Answer answer;
  if (builder_.is_open() && builder_.rows() > 0) {
    released_records_ += static_cast<int64_t>(builder_.rows());
    answer.slab = builder_.finish();
  }
  answer.state = current_state();
  // What was merged has made room. Without this a partition that is not waited for stayed below its
  // share with a full queue: neither fetched nor shown as paused.
  take_backlog();
  mailbox_.put(std::move(answer));
}

void Engine::enter_live() {
  client_.set_fetch_wait(kLiveFetchWaitMs);
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
    state.partitions.push_back({&resolved_[i], &stats_[i], partition.released_offset(),
                                partition.late_records(), partition.gaps(),
                                state.is_live || partition.exhausted()});
  }
  return state;
}

// --- the end ----------------------------------------------------------------------------------

// Order matters: rd_kafka_destroy never returns while a message, queue or topic is still held.
void Engine::shut_down() {
  progress_watch_.reset();
  feeds_.clear();
  merger_.reset();
  for (rd_kafka_topic_t* topic : topics_)
    rd_kafka_topic_destroy(topic);
  topics_.clear();
  rd_kafka_t* handle;
  {
    std::lock_guard<std::mutex> lock(client_mutex_);
    handle = client_.detach();
  }
  if (handle) reap(handle, std::chrono::milliseconds(options_.close_timeout_ms));
}

}  // namespace tidemark
