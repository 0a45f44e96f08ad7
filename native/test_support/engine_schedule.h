// EngineSchedule: one life of an engine on fake sources and a fake clock, from a seed: polls,
// time-outs, arrivals, stalls, partitions that join, leave and fail, and a close, in any order. The
// engine has a turn only when its wake-up rang or its time has come, and the caller looks only when
// its doorbell rang: a wake-up that is missing is found.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "test_support/dice.h"
#include "test_support/random_sources.h"
#include "test_support/record_columns.h"
#include "test_support/released_rows.h"

namespace tidemark::testing {

class EngineSchedule {
 public:
  explicit EngineSchedule(uint64_t seed) : dice_(seed), sources_(dice_), rows_(sources_.logs()) {
    Clock::simulate(&now_);
    engine_ = std::make_unique<Engine>(options(), [this] { is_rung_ = true; });
    engine_->begin();
  }
  ~EngineSchedule() {
    engine_.reset();
    Clock::simulate(nullptr);
  }
  EngineSchedule(const EngineSchedule&) = delete;
  EngineSchedule& operator=(const EngineSchedule&) = delete;

  void run() {
    const int64_t steps = 20 + dice_.below(300);
    const int64_t close_at = dice_.one_in(6) ? dice_.below(steps) : -1;
    for (int64_t step = 0; step < steps && !is_over(); ++step) {
      if (step == close_at) engine_->close();
      act();
      run_engine();
    }
    if (!is_over()) drain();
    if (::testing::Test::HasFatalFailure()) return;
    engine_->close();
    run_engine();
    ASSERT_TRUE(engine_->mailbox().is_closed());
    ASSERT_FALSE(is_polling_) << "a poll is pending for ever";
    for (const RandomSources::Source& input : sources_.all()) {
      ASSERT_TRUE(input.source->is_closed());
      ASSERT_EQ(input.source->owners_alive(), 0);
    }
  }

 private:
  using milliseconds = std::chrono::milliseconds;

  static constexpr milliseconds kStallTimeout{800};

  EngineOptions options() {
    EngineOptions options;
    options.columns = columns_with_source();
    options.inputs = sources_.inputs();
    options.batch_size = static_cast<size_t>(1 + dice_.below(dice_.one_in(2) ? 6 : 200));
    options.max_batch_bytes = static_cast<size_t>(dice_.one_in(2) ? 1 + dice_.below(40) : 100'000);
    options.budget.bytes = sources_.size() * kMinBudgetPerPartition;
    options.wants_client_events = true;
    options.ends_after_replay = has_end_ = dice_.one_in(5);
    has_stall_timeout_ = dice_.one_in(2);
    if (has_stall_timeout_) options.stall_timeout = kStallTimeout;
    return options;
  }

  bool is_over() const { return is_ended_ || has_failed_ || ::testing::Test::HasFatalFailure(); }

  // --- what happens -----------------------------------------------------------------------------

  void act() {
    switch (dice_.below(8)) {
      case 0:
      case 1:
      case 2:
        sources_.arrive(any_partition(), 1 + dice_.below(3));
        break;
      case 3:
        now_ += milliseconds(dice_.one_in(12) ? 1'000 : dice_.below(30));
        break;
      case 4:
      case 5:
      case 6:
        poll_or_cancel();
        break;
      default:
        change_partitions();
    }
  }

  size_t any_partition() {
    return static_cast<size_t>(dice_.below(static_cast<int64_t>(sources_.size())));
  }

  void poll_or_cancel() {
    if (is_polling_) {
      if (!dice_.one_in(6)) return;
      engine_->mailbox().cancel_poll();
      is_polling_ = false;
      return;
    }
    if (!is_open_) return;
    const int64_t kind = dice_.below(4);
    deadline_ = kind == 0   ? now_
                : kind == 1 ? Clock::time_point::max()
                            : now_ + milliseconds(dice_.below(2'000));
    ASSERT_TRUE(engine_->mailbox().request_poll(deadline_));
    is_polling_ = true;
  }

  void change_partitions() {
    std::vector<RandomSources::Source>& all = sources_.all();
    RandomSources::Source& input =
        all[static_cast<size_t>(dice_.below(static_cast<int64_t>(all.size())))];
    if (!input.is_assigned) {
      if (dice_.one_in(40)) {
        Status status = Status::error(ErrorCode::kUnknownTopic, "there is no such topic");
        input.source->fail_to_open(std::move(status));
        input.is_assigned = true;
        failed_source_ = input.name;
      } else if (dice_.one_in(2)) {
        assign_first(input);
      }
      return;
    }
    if (!is_open_) return;
    const size_t p = any_partition();
    const RandomSources::Place place = sources_.place(p);
    if (!sources_.is_started(p) && !sources_.is_gone(p)) {
      // The engine may be at its end while the caller is not.
      if (!has_end_) join(p);
    } else if (sources_.is_started(p) && dice_.one_in(10)) {
      place.source->revoke(place.p);
      rows_.leave(p);
    } else if (sources_.is_started(p) && dice_.one_in(60)) {
      Status status = Status::error(ErrorCode::kAuthorization, "the fetch was refused");
      status.topic = sources_.id(p).topic;
      place.source->fail(place.p, status);
      is_failing_ = true;
    }
  }

  void assign_first(RandomSources::Source& input) {
    std::vector<size_t> first;
    for (size_t i = 0; i < input.logs.size(); ++i) {
      const size_t p = input.logs[i];
      if (sources_.role(p) != RandomSources::Role::kFirst) continue;
      first.push_back(i);
      rows_.started(p);
    }
    input.source->assign(first);
    input.is_assigned = true;
  }

  void join(size_t p) {
    if (joined_.size() <= p) joined_.resize(p + 1);
    if (joined_[p]) return;
    const RandomSources::Place place = sources_.place(p);
    const bool is_live = place.source->is_live();
    if (sources_.role(p) == RandomSources::Role::kJoinsLive && !is_live) return;
    joined_[p] = true;
    rows_.started(p);
    is_live ? rows_.join_live(p) : rows_.join_replay(p);
    place.source->assign({place.p});
  }

  // --- the engine and the caller ----------------------------------------------------------------

  void run_engine() {
    std::vector<PartitionHandle> rung;
    for (int turns = 0; engine_->is_running(); ++turns) {
      ASSERT_LT(turns, 10'000) << "the engine does not come to rest";
      if (!engine_->wake_up().take_rung(&rung) && now_ < until_) break;
      until_ = engine_->turn(rung);
      look();
      if (::testing::Test::HasFatalFailure()) return;
    }
    if (!engine_->is_running() && !is_ended_) {
      engine_->end();
      is_ended_ = true;
    }
    look();
    ASSERT_FALSE(is_polling_ && now_ >= deadline_) << "a poll was not answered in time";
  }

  // As the event loop does when the doorbell rings.
  void look() {
    if (!std::exchange(is_rung_, false)) return;
    Mailbox& mailbox = engine_->mailbox();
    mailbox.take_client_events();
    if (const std::optional<Status> opened = mailbox.take_opened()) {
      is_open_ = opened->ok();
      is_live_ = is_open_ && engine_->first_state().is_live();
      is_replay_over_ = is_open_ && engine_->first_state().phase == Phase::kEnded;
      if (!is_open_) take_failed_opening(*opened);
    }
    if (!is_polling_) return;
    if (std::optional<Answer> answer = mailbox.take_answer()) {
      is_polling_ = false;
      take(std::move(*answer));
    }
  }

  void take(Answer answer) {
    if (!answer.error.ok()) return take_error(answer.error);
    if (answer.slab) rows_.check(read_slab(*answer.slab, engine_->options().columns), !is_live_);
    for (const StreamState::Partition& partition : answer.state.partitions)
      rows_.check_frontier(partition.stats->id, partition.frontier);
    ASSERT_FALSE(is_replay_over_) << "nothing follows the end";
    is_replay_over_ = answer.state.phase == Phase::kEnded;
    if (!is_live_ && (answer.state.is_live() || is_replay_over_)) rows_.check_replay_is_whole();
    ASSERT_FALSE(answer.state.is_live() && has_end_) << "no live follows the end";
    ASSERT_TRUE(answer.state.is_live() || !is_live_) << "live is for good";
    is_live_ = answer.state.is_live();
    released_ = answer.state.released_records;
    if (answer.slab) engine_->slab_pool()->give_back(std::move(answer.slab));
  }

  void take_failed_opening(const Status& error) {
    has_failed_ = true;
    if (error.code == ErrorCode::kClosed) return;
    ASSERT_EQ(error.source, failed_source_) << error.message;
  }

  void take_error(const Status& error) {
    switch (error.code) {
      case ErrorCode::kStalled:
        ASSERT_TRUE(has_stall_timeout_);
        for (size_t p = 0; p < sources_.size(); ++p) {
          const PartitionId& id = sources_.id(p);
          const bool is_it = id.topic == error.topic && id.partition == error.partition &&
                             id.source == error.source;
          ASSERT_FALSE(is_it && sources_.has_all(p)) << "nothing more was to come";
        }
        break;
      case ErrorCode::kAuthorization:
        ASSERT_TRUE(is_failing_);
        has_failed_ = true;
        break;
      case ErrorCode::kEnded:
        ASSERT_TRUE(has_end_ && is_replay_over_);
        ASSERT_EQ(engine_->fetched_records(), released_) << "records are held behind the end";
        has_failed_ = true;
        break;
      case ErrorCode::kClosed:
        ASSERT_TRUE(is_ended_ || !engine_->is_running());
        break;
      default:
        FAIL() << error.message;
    }
  }

  // All that there is arrives: every row must come.
  void drain() {
    for (RandomSources::Source& input : sources_.all()) {
      if (!input.is_assigned) assign_first(input);
    }
    run_engine();
    for (int i = 0; i < 20'000 && !is_over(); ++i) {
      for (size_t p = 0; p < sources_.size(); ++p)
        sources_.arrive(p, 100);
      if (!is_polling_ && is_open_) {
        deadline_ = now_ + milliseconds(100);
        engine_->mailbox().request_poll(deadline_);
        is_polling_ = true;
      }
      run_engine();
      if (!has_end_ && is_whole()) break;
      now_ += milliseconds(10);
    }
    if (is_over() || is_failing_) return;
    ASSERT_FALSE(has_end_) << "the stream does not end though all has arrived";
    ASSERT_TRUE(is_whole()) << "rows are missing though all has arrived";
    ASSERT_EQ(engine_->fetched_records(), released_) << "records are held for ever";
  }

  bool is_whole() const {
    for (size_t p = 0; p < sources_.size(); ++p) {
      if (sources_.is_started(p) && !rows_.is_whole(p)) return false;
    }
    return is_live_ || !is_open_;
  }

  Dice dice_;
  Clock::time_point now_{std::chrono::hours(1)};
  RandomSources sources_;
  std::vector<bool> joined_;   // of the logs
  std::string failed_source_;  // the one that could not be opened
  ReleasedRows rows_;
  std::unique_ptr<Engine> engine_;
  Clock::time_point until_{};  // when the engine wants its next turn
  Clock::time_point deadline_{};
  bool has_stall_timeout_ = false;
  bool is_rung_ = false;  // the caller's doorbell
  bool is_open_ = false;
  bool is_live_ = false;
  bool is_polling_ = false;
  bool is_failing_ = false;
  bool has_end_ = false;         // the stream
  bool is_replay_over_ = false;  // and that was its end
  bool has_failed_ = false;      // for good
  bool is_ended_ = false;
  int64_t released_ = 0;
};

}  // namespace tidemark::testing
