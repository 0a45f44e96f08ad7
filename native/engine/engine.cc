#include "engine/engine.h"

#include <algorithm>
#include <utility>

#include "errors.h"
#include "name_thread.h"
#include "start_thread.h"

namespace tidemark {
namespace {

// One slab is with the caller, one prepared, one on its way back from a finalizer. Where the caller
// is faster all of them are free at once: to make one of 50 MB anew took a fifth of the time to
// fill it.
constexpr size_t kMostFreeSlabs = 3;

}  // namespace

std::shared_ptr<Engine> Engine::start(EngineOptions options, std::function<void()> ring) {
  const auto engine = std::make_shared<Engine>(std::move(options), std::move(ring));
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
          std::make_shared<SlabPool>(kMostFreeSlabs, kMostFreeSlabs * builder_.most_slab_bytes())),
      inputs_(options_.inputs, options_.budget, *this) {}

Engine::~Engine() {
  // The thread keeps the engine alive, so it has ended or is the one that runs this.
  if (thread_.joinable()) thread_.detach();
}

void Engine::close() {
  closing_ = true;
  wake_up_.ring();
}

void Engine::join() {
  if (thread_.joinable()) thread_.join();
}

EngineMemory Engine::memory() {
  EngineMemory memory;
  for (const EngineOptions::Input& input : options_.inputs)
    memory.sources += input.source->memory();
  memory.decoding = partition_count_ * sizeof(PartitionStream);
  memory.inflating = partitions_.inflating_bytes();
  memory.prepared_slabs = filled_slab_bytes_ + mailbox_.slab_bytes();
  memory.slabs = slab_pool_->memory();
  return memory;
}

void Engine::run() {
  name_thread("tidemark");
  begin();
  std::vector<PartitionHandle> rung;
  while (is_running()) {
    const Clock::time_point until = turn(rung);
    if (is_running()) wake_up_.wait_until(until, &rung);
  }
  end();
}

Clock::time_point Engine::turn(const std::vector<PartitionHandle>& rung) {
  const Clock::time_point next_serve = inputs_.serve(Clock::now());
  if (!stream_) return next_serve;
  stream_->intake.take_rung(rung);
  advance();
  answer_demand();
  if (closing_) return next_serve;
  look_for_stalls();
  return mailbox_.begin_sleep({next_serve, stream_->stalls.patience(), has_more_, has_live_rows()});
}

// Order matters: every record batch is let go before its source is closed.
void Engine::end() {
  if (is_opening_) {
    mailbox_.put_opened(closed_while_opening());
  }
  mailbox_.put_final(closed("the manager"));
  stream_.reset();
  partitions_.clear();
  partition_count_ = 0;
  inputs_.close(options_.close_timeout);
  slab_pool_->close();
  mailbox_.put_closed();
}

// --- what the sources tell ----------------------------------------------------------------------

void Engine::on_open(std::vector<InputPartition> partitions) {
  std::vector<Partition*> merged;  // the table is new: their slots are their places
  for (InputPartition& partition : partitions) {
    merged.push_back(&partitions_.add(std::move(partition)).partition());
  }
  partition_count_ = partitions_.size();
  inputs_.share_budget(partitions_);
  // Those at their ends from the beginning are begun, too: they have live records.
  partitions_.for_each([](PartitionStream& stream) { stream.start(); });
  for (const Partition* partition : merged) {
    if (!partition->status().ok()) return on_failed(partition->status());
  }
  stream_.emplace(partitions_, merged, fetched_records_, options_);
  first_state_ = current_state();
  is_opening_ = false;
  if (stream_->merger.is_live()) end_replay();
  mailbox_.put_opened(Status());
}

void Engine::on_failed(Status status) {
  if (!is_opening_) return;  // another one has failed before
  is_opening_ = false;
  mailbox_.put_opened(std::move(status));
}

// They take their share of the budget from the others.
void Engine::on_joined(std::vector<InputPartition> partitions) {
  if (!stream_) return;  // the opening has failed in this very turn
  std::vector<PartitionHandle> joined;
  for (InputPartition& partition : partitions) {
    PartitionStream& stream = partitions_.add(std::move(partition));
    stream_->merger.add(stream.handle().slot, stream.partition());
    joined.push_back(stream.handle());
  }
  partition_count_ = partitions_.size();
  inputs_.share_budget(partitions_);
  for (const PartitionHandle handle : joined) {
    partitions_.find(handle)->start();
    stream_->merger.notify(handle.slot);
  }
}

void Engine::on_left(const std::vector<PartitionHandle>& partitions) {
  if (!stream_) return;
  std::vector<size_t> slots;
  for (const PartitionHandle handle : partitions) {
    PartitionStream* const stream = partitions_.find(handle);
    if (!stream) continue;
    fetched_records_.fetch_sub(stream->partition().held_records(), std::memory_order_relaxed);
    stream->source().stop(handle);
    slots.push_back(handle.slot);
  }
  stream_->merger.remove(slots);
  for (const PartitionHandle handle : partitions)
    partitions_.remove(handle);
  partition_count_ = partitions_.size();
  if (partitions_.size() > 0) inputs_.share_budget(partitions_);
}

void Engine::on_partition_failed(PartitionHandle partition, Status status) {
  PartitionStream* const stream = partitions_.find(partition);
  if (!stream || !stream_) return;
  stream->fail(std::move(status));
  stream_->merger.notify(partition.slot);
}

void Engine::on_client_event(ClientEvent event) {
  if (options_.wants_client_events) mailbox_.put_client_event(std::move(event));
}

void Engine::on_log(LogLine line) {
  if (options_.wants_logs) mailbox_.put_log(std::move(line));
}

// --- the stream ---------------------------------------------------------------------------------

// Prepares the next answer as far as it goes. One answer is prepared ahead, no more: while it
// waits in the mailbox nothing is merged.
void Engine::advance() {
  has_more_ = !failed_;
  while (!failed_ && !closing_ && mailbox_.is_empty()) {
    if (!builder_.is_open() && !builder_.open(slab_pool_->take())) {
      fail(no_memory_for_batch());
      return;
    }
    const Merger::Outcome outcome = stream_->merger.merge(builder_);
    filled_slab_bytes_.store(builder_.slab_bytes(), std::memory_order_relaxed);
    switch (outcome) {
      case Merger::Outcome::kFull:
        put_slab();
        break;
      case Merger::Outcome::kReplayEnded:
        put_slab();
        end_replay();
        break;
      case Merger::Outcome::kBlocked:
        has_more_ = stream_->intake.take(*partitions_.in(stream_->merger.blocked_on()));
        break;
      case Merger::Outcome::kDrained:
        has_more_ = stream_->intake.take_backlog();
        break;
      case Merger::Outcome::kFailed:
        if (builder_.rows() > 0) put_slab();
        forget_lost_records();
        fail(stream_->merger.status());
        break;
    }
    if (!has_more_) return;  // until a queue rings
    const auto deadline = mailbox_.deadline();
    if (deadline && Clock::now() >= *deadline) return;
  }
}

// What was fetched behind the end is let go, and no more is.
void Engine::end_replay() {
  if (!options_.ends_after_replay) return inputs_.enter_live();
  std::vector<PartitionHandle> all;
  partitions_.for_each([&all](const PartitionStream& stream) { all.push_back(stream.handle()); });
  on_left(all);
  fail(ended());
}

// Those behind a fault that was found late, when they were decoded, will never be released.
void Engine::forget_lost_records() {
  int64_t held = 0;
  partitions_.for_each(
      [&held](const PartitionStream& stream) { held += stream.partition().held_records(); });
  fetched_records_.store(released_records_ + held, std::memory_order_relaxed);
}

void Engine::fail(Status status) {
  failed_ = true;
  has_more_ = false;
  mailbox_.put_final(std::move(status));
}

void Engine::answer_demand() {
  const auto deadline = mailbox_.deadline();
  if (!deadline) return;
  if (has_live_rows() || Clock::now() >= *deadline) put_slab();
}

void Engine::look_for_stalls() {
  Status stall = stream_->stalls.check(mailbox_.time_waited());
  if (stall.ok() || !mailbox_.deadline()) return;
  if (has_rows()) {
    put_slab();  // what can be released comes first; who polls again hears of the stall
  } else {
    stream_->stalls.restart();
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
    filled_slab_bytes_.store(0, std::memory_order_relaxed);
  }
  answer.state = current_state();
  // What was merged has made room. Without this a partition that is not waited for stayed below its
  // share with a full queue: neither fetched nor shown as paused.
  if (stream_->intake.take_backlog()) has_more_ = true;
  mailbox_.put(std::move(answer));
}

StreamState Engine::current_state() const {
  const Merger& merger = stream_->merger;
  StreamState state;
  state.phase = merger.is_live() && options_.ends_after_replay ? Phase::kEnded : merger.phase();
  state.watermark = merger.watermark();
  state.released_records = released_records_;
  state.digest = merger.digest();
  state.partitions.reserve(merger.in_order().size());
  for (const size_t slot : merger.in_order()) {
    const Partition& partition = merger.partition(slot);
    state.partitions.push_back({partitions_.in(slot)->stats(), partition.released_offset(),
                                partition.late_records(), partition.missing_offsets(),
                                merger.is_live() || partition.exhausted(), partition.frontier()});
  }
  return state;
}

}  // namespace tidemark
