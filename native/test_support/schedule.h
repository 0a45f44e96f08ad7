// Schedule: one run of the merge over some logs, driven by dice: the event script of the simulation
// and of the merge's fuzzer.
//
// In any interleaving and split: record batches arrive, partitions crawl or stall, end-of-partition
// events come early, on time and late, slabs are cut anywhere, partitions join, leave and come back
// in the replay and in live, a fetch is refused, all is closed.
// Whatever comes, the rows are those of the oracle, up to a fault what can be released before it,
// and all memory is let go.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "columns/slab_builder.h"
#include "merge/merger.h"
#include "merge/window_pool.h"
#include "test_support/compressed_batch.h"
#include "test_support/dice.h"
#include "test_support/dice_ahead.h"
#include "test_support/merge_oracle.h"
#include "test_support/random_log.h"
#include "test_support/schedule_inputs.h"
#include "test_support/slab_reader.h"

namespace tidemark::testing {

class Schedule {
 public:
  Schedule(const std::vector<Log>& logs, const std::vector<Part>& parts, const Expected& expected,
           bool fail_on_late_record, Dice& dice)
      : dice_(dice),
        compresses_(dice_.one_in(2)),
        windows_(static_cast<size_t>(1 + dice_.below(dice_.one_in(2) ? 8 : 200)),
                 dice_.one_in(3) ? nullptr : &ahead_),
        inputs_(logs, parts, expected, fail_on_late_record, windows_),
        merger_(std::make_unique<Merger>(inputs_.partitions(), fail_on_late_record)),
        builder_(columns_with_source(),
                 static_cast<size_t>(1 + dice_.below(dice_.one_in(2) ? 6 : 200)),
                 static_cast<size_t>(dice_.one_in(2) ? 1 + dice_.below(40) : 100000)) {
    for (size_t p = 0; p < logs.size(); ++p) {
      log_of_[{logs[p].id.topic_index, logs[p].id.partition, logs[p].id.source_index}] = p;
      // Some partitions crawl, so that all others run into them.
      inputs_[p].weight = dice_.one_in(3) ? 1 : 1 + dice_.below(30);
    }
    builder_.open(std::make_unique<Slab>());
  }
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  // To the end, or until a failed assertion.
  void run() {
    const int64_t eagerness = 2 + dice_.below(8);
    const int64_t close_at = dice_.one_in(8) ? dice_.below(80) : -1;
    for (; !done_ && step_ != close_at && !::testing::Test::HasFailure(); ++step_) {
      if (!inputs_.all_arrived() && !dice_.one_in(eagerness)) {
        arrive();
      } else {
        merge();
      }
    }
    if (!::testing::Test::HasFailure()) done_ ? check_end() : close();
    merger_.reset();
    for (size_t p = 0; p < inputs_.size(); ++p)
      inputs_[p].partition.reset();
    if (!::testing::Test::HasFailure()) {
      ASSERT_EQ(owners_alive_, 0);
    }
  }

 private:
  bool is_live() const { return merger_->is_live(); }

  Partition& partition(size_t p) { return *inputs_[p].partition; }

  // The rows that are expected change. False where those before are wrong.
  template <typename Change>
  bool change(Change change) {
    cut_slab(is_live());
    if (::testing::Test::HasFailure()) return false;
    change();
    replay_rows_ = 0;
    return true;
  }

  void join(size_t p) {
    change([this, p] { inputs_.join(p, *merger_); });
    watermark_.reset();  // it may have records from before it
  }

  void leave(size_t p) {
    if (!change([this, p] { inputs_.leave(p, *merger_); })) return;
    const bool may_come_back = !is_live() && !inputs_.log(p).faulty;
    inputs_[p].ended = !(may_come_back && dice_.one_in(2));
  }

  void arrive() {
    const size_t p = static_cast<size_t>(dice_.below(static_cast<int64_t>(inputs_.size())));
    ScheduleInput& input = inputs_[p];
    if (!input.partition) {
      if (!input.ended && dice_.one_in(is_live() ? 1 : 8)) join(p);
      return;
    }
    if (dice_.one_in(250)) {
      leave(p);
      return;
    }
    if (dice_.one_in(500)) {
      refuse_fetch(p);
      return;
    }
    if (input.ended || step_ < input.stalled_until || dice_.below(30) >= input.weight) return;
    const int64_t position = partition(p).position();
    if (dice_.one_in(6)) {
      // A new leader's high watermark lags: the end of the partition is told too early.
      partition(p).reach(dice_.one_in(2) ? position : position - 1);
    } else if (input.next_batch < inputs_.log(p).batches.size()) {
      push_op(p);
    } else {
      partition(p).reach(inputs_.log(p).log_end);
      input.ended = true;
    }
    if (dice_.one_in(20)) input.stalled_until = step_ + dice_.below(200);
    merger_->notify(inputs_[p].slot);
  }

  // A fault that is not of the log's content. Nothing behind what was fetched can be read, unless a
  // fault before it was fetched already: that one counts.
  void refuse_fetch(size_t p) {
    const Log& log = inputs_.log(p);
    const bool fails_before = log.faulty && log.fault_batch < inputs_[p].next_batch;
    if (!fails_before && partition(p).status().ok() &&
        !change([this, p] { inputs_.break_off(p, ErrorCode::kAuthorization); })) {
      return;
    }
    Status status = Status::error(ErrorCode::kAuthorization, "the fetch was refused");
    status.source = inputs_.log(p).id.source;
    status.topic = inputs_.log(p).id.topic;
    status.partition = inputs_.log(p).id.partition;
    partition(p).fail(std::move(status));
    merger_->notify(inputs_[p].slot);
  }

  // One op of one or more record batches, all in one piece of memory. Some are compressed: this
  // changes nothing.
  void push_op(size_t p) {
    const std::vector<WrittenBatch>& all = inputs_.log(p).batches;
    const size_t first = inputs_[p].next_batch;
    const size_t count = std::min(static_cast<size_t>(1 + (dice_.one_in(3) ? dice_.below(4) : 0)),
                                  all.size() - first);
    std::vector<WrittenBatch> batches;
    for (size_t i = first; i < first + count; ++i)
      batches.push_back(perhaps_compressed(all[i]));
    struct Op {
      Bytes bytes;
      int* alive;
    };
    Op* const op = new Op{{}, &owners_alive_};
    ++owners_alive_;
    for (const WrittenBatch& batch : batches)
      op->bytes.insert(op->bytes.end(), batch.bytes.begin(), batch.bytes.end());
    const auto drop = [](void* pointer) {
      Op* const dropped = static_cast<Op*>(pointer);
      --*dropped->alive;
      delete dropped;
    };
    size_t at = 0;
    for (size_t i = 0; i < count; ++i) {
      RecordBatch batch = batches[i].batch();
      batch.records = batch.size == 0 ? nullptr : op->bytes.data() + at;
      at += batch.size;
      const bool last = i + 1 == count;
      partition(p).push(batch, BatchOwner(last ? op : nullptr, drop), last ? 100 : 0);
    }
    inputs_[p].next_batch = first + count;
  }

  WrittenBatch perhaps_compressed(const WrittenBatch& batch) {
    if (!compresses_ || batch.header.is_compressed || dice_.one_in(3)) return batch;
    return compress(batch, dice_);
  }

  void merge() {
    const bool was_live = is_live();
    const size_t row = builder_.rows();
    const Merger::Outcome outcome = merger_->merge(builder_);
    const bool replay_ended = outcome == Merger::Outcome::kReplayEnded;
    ASSERT_EQ(is_live(), was_live || replay_ended);
    call_rows_ = builder_.rows() - row;
    if (call_rows_ > 0 || builder_.full() || replay_ended || dice_.one_in(3)) {
      if (builder_.full() || replay_ended || dice_.one_in(2) || was_live) cut_slab(was_live);
    }
    switch (outcome) {
      case Merger::Outcome::kFull:
      case Merger::Outcome::kBlocked:
        ASSERT_TRUE(was_live || !inputs_.is_nothing_left()) << "the end of the replay was not told";
        ASSERT_FALSE(outcome == Merger::Outcome::kBlocked && inputs_.all_joined_arrived());
        break;
      case Merger::Outcome::kReplayEnded:
        ASSERT_FALSE(was_live);
        ASSERT_EQ(replay_rows_, inputs_.expected().replay.size()) << "live before its time";
        ASSERT_FALSE(inputs_.expected().replay_fails);
        break;
      case Merger::Outcome::kDrained:
        ASSERT_TRUE(was_live);
        done_ = inputs_.all_arrived();
        break;
      case Merger::Outcome::kFailed:
        cut_slab(was_live);
        failed_ = done_ = true;
        break;
    }
    check_watermark();
  }

  void cut_slab(bool live) {
    const std::unique_ptr<Slab> slab = builder_.finish();
    const std::vector<SlabRow> rows = read_slab(*slab, columns_with_source());
    for (size_t i = 0; i < rows.size(); ++i) {
      if (live) {
        check_live_row(rows[i], i + call_rows_ > rows.size());
      } else {
        ASSERT_LT(replay_rows_, inputs_.expected().replay.size()) << "a row too many";
        const ExpectedRow& expected = inputs_.expected().replay[replay_rows_++];
        ASSERT_TRUE(expected.row == rows[i]) << "row " << replay_rows_ - 1;
        ASSERT_GE(expected.merge_key, watermark_.value_or(expected.merge_key));
        ++inputs_[expected.row.log].replay_rows;
        inputs_[expected.row.log].last_key = expected.merge_key;
      }
    }
    builder_.open(std::make_unique<Slab>());
  }

  // In live each partition is in order; across them, what one call found is in merge order.
  void check_live_row(const SlabRow& row, bool follows_in_call) {
    const size_t p = log_of_.at({row.topic, row.partition, row.source});
    const std::vector<ExpectedRow>& rows = inputs_.expected().live[p];
    size_t& released = inputs_[p].live_rows;
    ASSERT_LT(released, rows.size()) << "a row too many in live";
    const ExpectedRow& expected = rows[released++];
    ASSERT_TRUE(expected.row == row);
    ASSERT_FALSE(follows_in_call && expected < last_live_row_);
    last_live_row_ = expected;
  }

  void check_watermark() {
    if (failed_) return;
    const std::optional<int64_t> mark = merger_->watermark();
    if (is_live()) {
      ASSERT_FALSE(mark);
      watermark_.reset();
      return;
    }
    if (watermark_) {
      ASSERT_TRUE(mark);
      ASSERT_GE(*mark, *watermark_);
    }
    // Rows that wait in the open slab were checked against the mark before them.
    if (builder_.rows() == 0) watermark_ = mark;
  }

  // In the middle of everything. What was released before is still right.
  void close() {
    const bool live = is_live();
    merger_.reset();
    cut_slab(live);
  }

  void check_end() {
    const Status& status = merger_->status();
    ASSERT_EQ(replay_rows_, inputs_.expected().replay.size());
    ASSERT_EQ(failed_, inputs_.expected().replay_fails || inputs_.expected().live_fails);
    if (!failed_) {
      for (size_t p = 0; p < inputs_.size(); ++p) {
        if (!inputs_[p].partition) continue;
        ASSERT_EQ(inputs_[p].live_rows, inputs_.expected().live[p].size());
        ASSERT_EQ(partition(p).late_records(), inputs_.expected().late[p]);
        ASSERT_EQ(partition(p).held_records(), 0);
        ASSERT_EQ(partition(p).held_bytes(), 0u);
      }
      ASSERT_EQ(owners_alive_, 0);
      return;
    }
    ASSERT_EQ(is_live(), !inputs_.expected().replay_fails);
    if (status.code == ErrorCode::kLateRecord) return;
    const std::vector<Log>& logs = inputs_.logs();
    const auto failed_log = std::find_if(logs.begin(), logs.end(), [&status](const Log& log) {
      return log.id.topic == status.topic && log.id.partition == status.partition &&
             log.id.source == status.source;
    });
    ASSERT_NE(failed_log, logs.end()) << status.topic << " " << status.partition;
    const size_t p = static_cast<size_t>(failed_log - logs.begin());
    ASSERT_EQ(status.code, logs[p].fault_code) << status.message;
    ASSERT_TRUE(!is_live() || inputs_[p].live_rows == inputs_.expected().live[p].size());
  }

  Dice& dice_;
  int owners_alive_ = 0;
  int64_t step_ = 0;
  // By topic index, partition and source index.
  std::map<std::tuple<int32_t, int32_t, int32_t>, size_t> log_of_;
  const bool compresses_;
  DiceAhead ahead_{dice_};
  WindowPool windows_;
  ScheduleInputs inputs_;  // of each log
  std::unique_ptr<Merger> merger_;
  SlabBuilder builder_;
  size_t replay_rows_ = 0;  // of those that are expected
  size_t call_rows_ = 0;
  ExpectedRow last_live_row_{};
  std::optional<int64_t> watermark_;
  bool failed_ = false;
  bool done_ = false;
};

// Logs of every kind.
struct Scene {
  std::vector<Log> logs;
  std::vector<Part> parts;
  bool fail_on_late_record;
  Expected expected;

  explicit Scene(Dice& dice) {
    const int64_t partitions = 1 + dice.below(dice.one_in(10) ? 20 : 6);
    const auto layout =
        static_cast<TimeLayout>(dice.below(static_cast<int64_t>(TimeLayout::kCount)));
    const bool odd = dice.one_in(2);
    const bool faulty = dice.one_in(4);
    fail_on_late_record = dice.one_in(5);
    for (int64_t p = 0; p < partitions; ++p) {
      logs.push_back(make_log(layout, p, partitions, odd, faulty && dice.one_in(2), dice));
      if (dice.one_in(6)) start_by_time(logs.back(), dice);
    }
    name_logs(dice);
    parts.resize(logs.size());
    if (dice.one_in(3)) join_later(dice);
    expected = expect(logs, parts, fail_on_late_record);
  }

  void play(Dice& dice) const { Schedule(logs, parts, expected, fail_on_late_record, dice).run(); }

 private:
  // Of one to three topics, and sources, so that ties are between them, too.
  void name_logs(Dice& dice) {
    const int64_t topics = 1 + dice.below(3);
    const int64_t sources = dice.one_in(2) ? 1 : 1 + dice.below(3);
    std::vector<int32_t> topic_of;
    for (size_t p = 0; p < logs.size(); ++p)
      topic_of.push_back(static_cast<int32_t>(dice.below(topics)));
    std::sort(topic_of.begin(), topic_of.end());
    for (size_t p = 0; p < logs.size(); ++p) {
      const int32_t topic = topic_of[p];
      const bool is_next = p > 0 && topic == topic_of[p - 1];
      PartitionId id{"topic-" + std::to_string(topic), 0, topic};
      const bool is_shared = is_next && logs[p - 1].id.source_index + 1 < sources && dice.one_in(2);
      if (is_next) id.partition = logs[p - 1].id.partition + !is_shared;
      id.source_index =
          is_shared ? logs[p - 1].id.source_index + 1 : static_cast<int32_t>(dice.below(sources));
      if (sources > 1) id.source = "source-" + std::to_string(id.source_index);
      logs[p].id = std::move(id);
    }
  }

  // Some of them; one is there from the beginning.
  void join_later(Dice& dice) {
    const auto stays = static_cast<size_t>(dice.below(static_cast<int64_t>(logs.size())));
    for (size_t p = 0; p < logs.size(); ++p)
      parts[p].is_in = p == stays || !dice.one_in(3);
  }
};

}  // namespace tidemark::testing
