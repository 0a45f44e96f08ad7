// Simulation: the merge core against a plain oracle. From a seed come logs of every kind (time
// layouts, ties, late, missing and extreme timestamps, markers, holes, cutoffs, ends in
// mid-batch, faults) and, for each log, several schedules of events: batches arrive in any
// interleaving, partitions stall, end-of-partition events come early, on time and late, slabs
// are cut anywhere. Every schedule must give the rows of the oracle.
//
//   TIDEMARK_SIMULATION_SCHEDULES  how many schedules to run, 100000 if not set
//   TIDEMARK_SIMULATION_SEED       the first seed, 1 if not set; a failure names the seed to give
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "columns/slab_builder.h"
#include "merge/merger.h"
#include "testing_support/merge_oracle.h"
#include "testing_support/random_log.h"
#include "testing_support/slab_reader.h"

namespace tidemark::testing {
namespace {

constexpr uint64_t kSchedulesPerLogs = 5;

uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// One run of the merge over some logs, driven by dice.
class Schedule {
 public:
  Schedule(const std::vector<Log>& logs, const Expected& expected, bool fail_on_late_record,
           uint64_t seed)
      : logs_(logs),
        expected_(expected),
        dice_(seed),
        next_batch_(logs.size()),
        ended_(logs.size()),
        live_rows_(logs.size()),
        builder_(static_cast<size_t>(1 + dice_.below(dice_.one_in(2) ? 6 : 200)),
                 static_cast<size_t>(dice_.one_in(2) ? 1 + dice_.below(40) : 100000)) {
    std::vector<std::unique_ptr<Partition>> partitions;
    for (size_t p = 0; p < logs.size(); ++p) {
      const TopicPartition id{"topic", static_cast<int32_t>(p), 0};
      partitions.push_back(std::make_unique<Partition>(id, logs[p].range, logs[p].gap_policy));
      // Some partitions crawl, so that all others run into them.
      weights_.push_back(dice_.one_in(3) ? 1 : 1 + dice_.below(30));
    }
    merger_ = std::make_unique<Merger>(std::move(partitions), fail_on_late_record);
    builder_.open(std::make_unique<Slab>());
  }

  void run() {
    const int64_t eagerness = 2 + dice_.below(8);
    while (!done_ && !::testing::Test::HasFailure()) {
      if (!all_arrived() && !dice_.one_in(eagerness)) {
        arrive();
      } else {
        merge();
      }
    }
    if (!::testing::Test::HasFailure()) check_end();
  }

  // Everything that was taken was let go.
  int owners_alive() const { return owners_alive_; }
  void drop() { merger_.reset(); }

 private:
  bool all_arrived() const {
    return std::all_of(ended_.begin(), ended_.end(), [](bool ended) { return ended; });
  }

  void arrive() {
    size_t p;
    do {
      p = static_cast<size_t>(dice_.below(static_cast<int64_t>(logs_.size())));
    } while (ended_[p] || dice_.below(30) >= weights_[p]);
    Partition& partition = merger_->partition(p);
    const int64_t position = partition.position();
    if (dice_.one_in(6)) {
      // A new leader's high watermark lags: the end of the partition is told too early.
      partition.reach(dice_.one_in(2) ? position : position - 1);
    } else if (next_batch_[p] < logs_[p].batches.size()) {
      push_op(p);
    } else {
      partition.reach(logs_[p].log_end);
      ended_[p] = true;
    }
    merger_->notify(p);
  }

  // One op of one or more record batches, all in one piece of memory.
  void push_op(size_t p) {
    const std::vector<WrittenBatch>& batches = logs_[p].batches;
    const size_t first = next_batch_[p];
    const size_t count = std::min(static_cast<size_t>(1 + (dice_.one_in(3) ? dice_.below(4) : 0)),
                                  batches.size() - first);
    struct Op {
      Bytes bytes;
      int* alive;
    };
    Op* const op = new Op{{}, &owners_alive_};
    ++owners_alive_;
    for (size_t i = first; i < first + count; ++i) {
      op->bytes.insert(op->bytes.end(), batches[i].bytes.begin(), batches[i].bytes.end());
    }
    const auto drop = [](void* pointer) {
      Op* const dropped = static_cast<Op*>(pointer);
      --*dropped->alive;
      delete dropped;
    };
    size_t at = 0;
    for (size_t i = first; i < first + count; ++i) {
      RecordBatch batch = batches[i].batch();
      batch.records = batch.size == 0 ? nullptr : op->bytes.data() + at;
      at += batch.size;
      const bool last = i + 1 == first + count;
      merger_->partition(p).push(batch, BatchOwner(last ? op : nullptr, drop), last ? 100 : 0);
    }
    next_batch_[p] = first + count;
  }

  void merge() {
    const bool was_live = merger_->is_live();
    const size_t row = builder_.rows();
    const Merger::Outcome outcome = merger_->merge(builder_);
    const bool replay_ended = outcome == Merger::Outcome::kReplayEnded;
    ASSERT_EQ(merger_->is_live(), was_live || replay_ended);
    call_rows_ = builder_.rows() - row;
    if (call_rows_ > 0 || builder_.full() || replay_ended || dice_.one_in(3)) {
      if (builder_.full() || replay_ended || dice_.one_in(2) || was_live) cut_slab(was_live);
    }
    switch (outcome) {
      case Merger::Outcome::kFull:
      case Merger::Outcome::kBlocked:
        ASSERT_TRUE(was_live || !nothing_left()) << "the end of the replay was not told";
        ASSERT_FALSE(outcome == Merger::Outcome::kBlocked && all_arrived());
        break;
      case Merger::Outcome::kReplayEnded:
        ASSERT_FALSE(was_live);
        ASSERT_EQ(replay_rows_, expected_.replay.size()) << "live before its time";
        ASSERT_FALSE(expected_.replay_fails);
        break;
      case Merger::Outcome::kDrained:
        ASSERT_TRUE(was_live);
        done_ = all_arrived();
        break;
      case Merger::Outcome::kFailed:
        cut_slab(was_live);
        failed_ = done_ = true;
        break;
    }
    check_low_water_mark();
  }

  bool nothing_left() const {
    for (size_t p = 0; p < merger_->size(); ++p) {
      const Partition& partition = merger_->partition(p);
      if (partition.has_head() || !partition.exhausted()) return false;
    }
    return true;
  }

  void cut_slab(bool live) {
    const std::unique_ptr<Slab> slab = builder_.finish();
    const std::vector<SlabRow> rows = read_slab(*slab);
    for (size_t i = 0; i < rows.size(); ++i) {
      if (live) {
        check_live_row(rows[i], i + call_rows_ > rows.size());
      } else {
        ASSERT_LT(replay_rows_, expected_.replay.size()) << "a row too many";
        const ExpectedRow& expected = expected_.replay[replay_rows_++];
        ASSERT_TRUE(expected.row == rows[i]) << "row " << replay_rows_ - 1;
        ASSERT_GE(expected.merge_key, low_water_mark_.value_or(expected.merge_key));
      }
    }
    builder_.open(std::make_unique<Slab>());
  }

  // In live each partition is in order; across them, what one call found is in merge order.
  void check_live_row(const SlabRow& row, bool follows_in_call) {
    const size_t partition = static_cast<size_t>(row.partition);
    const std::vector<ExpectedRow>& rows = expected_.live[partition];
    ASSERT_LT(live_rows_[partition], rows.size()) << "a row too many in live";
    const ExpectedRow& expected = rows[live_rows_[partition]++];
    ASSERT_TRUE(expected.row == row);
    ASSERT_FALSE(follows_in_call && expected < *last_live_row_);
    last_live_row_ = &expected;
  }

  void check_low_water_mark() {
    if (failed_) return;
    const std::optional<int64_t> mark = merger_->low_water_mark();
    if (merger_->is_live()) {
      ASSERT_FALSE(mark);
      low_water_mark_.reset();
      return;
    }
    if (low_water_mark_) {
      ASSERT_TRUE(mark);
      ASSERT_GE(*mark, *low_water_mark_);
    }
    // Rows that wait in the open slab were checked against the mark before them.
    if (builder_.rows() == 0) low_water_mark_ = mark;
  }

  void check_end() {
    const Status& status = merger_->status();
    ASSERT_EQ(replay_rows_, expected_.replay.size());
    ASSERT_EQ(failed_, expected_.replay_fails || expected_.live_fails);
    if (!failed_) {
      for (size_t p = 0; p < logs_.size(); ++p) {
        ASSERT_EQ(live_rows_[p], expected_.live[p].size());
        ASSERT_EQ(merger_->partition(p).late_records(), expected_.late[p]);
        ASSERT_EQ(merger_->partition(p).held_records(), 0);
        ASSERT_EQ(merger_->partition(p).held_bytes(), 0u);
      }
      ASSERT_EQ(owners_alive_, 0);
      return;
    }
    ASSERT_EQ(merger_->is_live(), !expected_.replay_fails);
    const size_t p = static_cast<size_t>(status.partition);
    if (status.code == ErrorCode::kLateRecord) return;
    ASSERT_EQ(status.code, logs_[p].fault_code) << status.message;
    ASSERT_TRUE(!merger_->is_live() || live_rows_[p] == expected_.live[p].size());
  }

  const std::vector<Log>& logs_;
  const Expected& expected_;
  Dice dice_;
  int owners_alive_ = 0;
  std::vector<size_t> next_batch_;
  std::vector<bool> ended_;
  std::vector<int64_t> weights_;
  std::vector<size_t> live_rows_;
  std::unique_ptr<Merger> merger_;
  SlabBuilder builder_;
  size_t replay_rows_ = 0;
  size_t call_rows_ = 0;
  const ExpectedRow* last_live_row_ = nullptr;
  std::optional<int64_t> low_water_mark_;
  bool failed_ = false;
  bool done_ = false;
};

void run_seed(uint64_t seed) {
  Dice dice(seed);
  const int64_t partitions = 1 + dice.below(dice.one_in(10) ? 20 : 6);
  const auto layout = static_cast<TimeLayout>(dice.below(static_cast<int64_t>(TimeLayout::kCount)));
  const bool odd = dice.one_in(2);
  const bool faulty = dice.one_in(4);
  const bool fail_on_late_record = dice.one_in(5);
  std::vector<Log> logs;
  for (int64_t p = 0; p < partitions; ++p) {
    logs.push_back(make_log(layout, p, partitions, odd, faulty && dice.one_in(2), dice));
  }
  const Expected expected = expect(logs, fail_on_late_record);
  for (uint64_t i = 0; i < kSchedulesPerLogs; ++i) {
    Schedule schedule(logs, expected, fail_on_late_record, seed * kSchedulesPerLogs + i);
    schedule.run();
    schedule.drop();
    if (::testing::Test::HasFailure()) return;
    ASSERT_EQ(schedule.owners_alive(), 0);
  }
}

TEST(Simulation, EveryScheduleGivesTheRowsOfTheOracle) {
  const uint64_t schedules = number_from_environment("TIDEMARK_SIMULATION_SCHEDULES", 100000);
  const uint64_t first_seed = number_from_environment("TIDEMARK_SIMULATION_SEED", 1);
  std::printf("%llu schedules from TIDEMARK_SIMULATION_SEED=%llu\n",
              static_cast<unsigned long long>(schedules),
              static_cast<unsigned long long>(first_seed));
  for (uint64_t i = 0; i * kSchedulesPerLogs < schedules; ++i) {
    run_seed(first_seed + i);
    ASSERT_FALSE(HasFailure()) << "run it again with TIDEMARK_SIMULATION_SCHEDULES=1 "
                               << "TIDEMARK_SIMULATION_SEED=" << first_seed + i;
  }
}

}  // namespace
}  // namespace tidemark::testing
