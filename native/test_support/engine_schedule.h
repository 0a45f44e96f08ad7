// EngineSchedule: one life of an engine on a fake source and a fake clock, from a seed: polls,
// time-outs, arrivals, stalls, partitions that join, leave and fail, and a close, in any order. The
// engine has a turn only when its wake-up rang or its time has come, and the caller looks only when
// its doorbell rang: a wake-up that is missing is found.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
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
#include "test_support/fake_source.h"
#include "test_support/record_columns.h"
#include "test_support/released_rows.h"

namespace tidemark::testing {

class EngineSchedule {
 public:
  explicit EngineSchedule(uint64_t seed)
      : dice_(seed), source_(std::make_shared<FakeSource>(make_logs())), rows_(source_->logs()) {
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
    ASSERT_TRUE(source_->is_closed());
    ASSERT_FALSE(is_polling_) << "a poll is pending for ever";
    ASSERT_EQ(source_->owners_alive(), 0);
  }

 private:
  using milliseconds = std::chrono::milliseconds;
  enum class Role : uint8_t { kFirst, kJoinsReplay, kJoinsLive };

  static constexpr milliseconds kStallTimeout{800};

  std::vector<Log> make_logs() {
    std::vector<Log> logs;
    const int64_t count = 1 + dice_.below(5);
    const auto layout =
        static_cast<TimeLayout>(dice_.below(static_cast<int64_t>(TimeLayout::kCount)));
    const bool odd = dice_.one_in(3);
    for (int64_t p = 0; p < count; ++p) {
      Log log = make_log(layout, p, count, odd, false, dice_);
      const auto topic = static_cast<int32_t>(p / 2);
      log.id = {std::string(1, static_cast<char>('a' + topic)), static_cast<int32_t>(p % 2), topic};
      Role role = Role::kFirst;
      if (dice_.one_in(4)) role = dice_.one_in(2) ? Role::kJoinsReplay : Role::kJoinsLive;
      if (role == Role::kJoinsLive) log.range.end_offset = log.range.start_offset;
      roles_.push_back(role);
      logs.push_back(std::move(log));
    }
    return logs;
  }

  EngineOptions options() {
    EngineOptions options;
    options.columns = record_columns();
    options.inputs.push_back({source_, Demand()});
    options.batch_size = static_cast<size_t>(1 + dice_.below(dice_.one_in(2) ? 6 : 200));
    options.max_batch_bytes = static_cast<size_t>(dice_.one_in(2) ? 1 + dice_.below(40) : 100'000);
    options.budget.bytes = static_cast<size_t>(dice_.below(dice_.one_in(2) ? 500 : 100'000));
    options.wants_client_events = true;
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
        source_->arrive(any_partition(), 1 + dice_.below(3));
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
    return static_cast<size_t>(dice_.below(static_cast<int64_t>(roles_.size())));
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
    if (!is_assigned_) {
      if (dice_.one_in(40)) {
        source_->fail_to_open(Status::error(ErrorCode::kUnknownTopic, "there is no such topic"));
        is_assigned_ = true;
      } else if (dice_.one_in(2)) {
        assign_first();
      }
      return;
    }
    if (!is_open_) return;
    const size_t p = any_partition();
    if (!source_->is_started(p) && !source_->is_gone(p)) {
      join(p);
    } else if (source_->is_started(p) && dice_.one_in(10)) {
      source_->revoke(p);
      rows_.leave(p);
    } else if (source_->is_started(p) && dice_.one_in(60)) {
      Status status = Status::error(ErrorCode::kAuthorization, "the fetch was refused");
      status.topic = source_->logs()[p].id.topic;
      source_->fail(p, status);
      is_failing_ = true;
    }
  }

  void assign_first() {
    std::vector<size_t> first;
    for (size_t p = 0; p < roles_.size(); ++p) {
      if (roles_[p] != Role::kFirst) continue;
      first.push_back(p);
      rows_.started(p);
    }
    source_->assign(first);
    is_assigned_ = true;
  }

  void join(size_t p) {
    if (joined_.size() <= p) joined_.resize(p + 1);
    if (joined_[p]) return;
    const bool is_live = source_->is_live();
    if (roles_[p] == Role::kJoinsLive && !is_live) return;
    joined_[p] = true;
    rows_.started(p);
    is_live ? rows_.join_live(p) : rows_.join_replay(p);
    source_->assign({p});
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
      if (!is_open_) has_failed_ = true;
    }
    if (!is_polling_) return;
    if (std::optional<Answer> answer = mailbox.take_answer()) {
      is_polling_ = false;
      take(std::move(*answer));
    }
  }

  void take(Answer answer) {
    if (!answer.error.ok()) return take_error(answer.error);
    if (answer.slab) rows_.check(read_slab(*answer.slab), !is_live_);
    if (!is_live_ && answer.state.is_live()) rows_.check_replay_is_whole();
    ASSERT_TRUE(answer.state.is_live() || !is_live_) << "live is for good";
    is_live_ = answer.state.is_live();
    released_ = answer.state.released_records;
    if (answer.slab) engine_->slab_pool()->give_back(std::move(answer.slab));
  }

  void take_error(const Status& error) {
    switch (error.code) {
      case ErrorCode::kStalled:
        ASSERT_TRUE(has_stall_timeout_);
        for (size_t p = 0; p < roles_.size(); ++p) {
          const TopicPartition& id = source_->logs()[p].id;
          const bool is_it = id.topic == error.topic && id.partition == error.partition;
          ASSERT_FALSE(is_it && source_->has_all(p)) << "nothing more was to come";
        }
        break;
      case ErrorCode::kAuthorization:
        ASSERT_TRUE(is_failing_);
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
    if (!is_assigned_) assign_first();
    run_engine();
    for (int i = 0; i < 20'000 && !is_over(); ++i) {
      for (size_t p = 0; p < roles_.size(); ++p)
        source_->arrive(p, 100);
      if (!is_polling_ && is_open_) {
        deadline_ = now_ + milliseconds(100);
        engine_->mailbox().request_poll(deadline_);
        is_polling_ = true;
      }
      run_engine();
      if (is_whole()) break;
      now_ += milliseconds(10);
    }
    if (is_over() || is_failing_) return;
    ASSERT_TRUE(is_whole()) << "rows are missing though all has arrived";
    ASSERT_EQ(engine_->fetched_records(), released_) << "records are held for ever";
  }

  bool is_whole() const {
    for (size_t p = 0; p < roles_.size(); ++p) {
      if (source_->is_started(p) && !rows_.is_whole(p)) return false;
    }
    return is_live_ || !is_open_;
  }

  Dice dice_;
  Clock::time_point now_{std::chrono::hours(1)};
  std::vector<Role> roles_;  // of the logs
  std::vector<bool> joined_;
  const std::shared_ptr<FakeSource> source_;
  ReleasedRows rows_;
  std::unique_ptr<Engine> engine_;
  Clock::time_point until_{};  // when the engine wants its next turn
  Clock::time_point deadline_{};
  bool has_stall_timeout_ = false;
  bool is_rung_ = false;  // the caller's doorbell
  bool is_assigned_ = false;
  bool is_open_ = false;
  bool is_live_ = false;
  bool is_polling_ = false;
  bool is_failing_ = false;
  bool has_failed_ = false;  // for good
  bool is_ended_ = false;
  int64_t released_ = 0;
};

}  // namespace tidemark::testing
