#include "engine/watchdog.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using std::chrono::milliseconds;

// Partitions as a test says, and a clock that it moves.
class WatchdogTest : public ::testing::Test {
 protected:
  // A poll is pending for so long; the watchdog looks whenever it is due, as the engine does.
  std::vector<uint32_t> poll_for(int ms) {
    const Watchdog::Time end = now_ + milliseconds(ms);
    watchdog_.run(now_, true);
    std::vector<uint32_t> stalled;
    while (stalled.empty() && watchdog_.due_at() <= end) {
      now_ = watchdog_.due_at();
      watchdog_.run(now_, true);
      if (watchdog_.is_due()) stalled = look();
    }
    if (stalled.empty()) now_ = end;
    watchdog_.run(now_, false);
    return stalled;
  }
  void idle_for(int ms) { now_ += milliseconds(ms); }
  std::vector<uint32_t> look() {
    return watchdog_.look(looks_.size(), [this](size_t index) { return looks_[index]; });
  }

  static constexpr int kTimeout = 800;  // looks every 100
  Watchdog watchdog_{milliseconds(kTimeout)};
  std::vector<Watchdog::Look> looks_{{false, 0}, {false, 0}, {false, 0}};
  const Watchdog::Time begin_{};
  Watchdog::Time now_ = begin_;
};

TEST_F(WatchdogTest, NamesThosePartitionsThatAreWaitedForAndStayWhereTheyAre) {
  looks_ = {{true, 5}, {false, 7}, {true, 9}};
  EXPECT_EQ(poll_for(10'000), (std::vector<uint32_t>{0, 2}));
  EXPECT_GE(now_ - begin_, milliseconds(kTimeout));
  EXPECT_LE(now_ - begin_, milliseconds(kTimeout + kTimeout / 4));
}

TEST_F(WatchdogTest, IsQuietWhileThePositionMoves) {
  looks_[1] = {true, 0};
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(poll_for(700).empty());
    ++looks_[1].position;
  }
}

TEST_F(WatchdogTest, IsQuietWhileNothingIsWaitedFor) { EXPECT_TRUE(poll_for(60'000).empty()); }

TEST_F(WatchdogTest, CountsFromTheLookThatFindsItWaitedFor) {
  EXPECT_TRUE(poll_for(5'000).empty());
  looks_[2] = {true, 3};
  EXPECT_TRUE(poll_for(kTimeout - 100).empty());
  EXPECT_EQ(poll_for(500), std::vector<uint32_t>{2});
}

TEST_F(WatchdogTest, BeginsAnewWhenAPartitionWasNotWaitedForInBetween) {
  looks_[0] = {true, 3};
  EXPECT_TRUE(poll_for(700).empty());
  looks_[0].is_waited_for = false;
  EXPECT_TRUE(poll_for(200).empty());
  looks_[0].is_waited_for = true;
  EXPECT_TRUE(poll_for(700).empty());
}

TEST_F(WatchdogTest, TheClockStandsStillWhileNoPollIsPending) {
  looks_[0] = {true, 3};
  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(poll_for(100).empty());
    idle_for(3'600'000);
  }
  EXPECT_EQ(poll_for(500), std::vector<uint32_t>{0});
}

TEST_F(WatchdogTest, ManyShortPollsAddUp) {
  looks_[0] = {true, 3};
  bool is_stalled = false;
  int polls = 0;
  for (; !is_stalled && polls < 1'000; ++polls)
    is_stalled = !poll_for(10).empty();
  EXPECT_TRUE(is_stalled);
  EXPECT_GE(polls, kTimeout / 10);
}

TEST_F(WatchdogTest, GivesTheWholeTimeAgainAfterARestart) {
  looks_[0] = {true, 3};
  EXPECT_FALSE(poll_for(10'000).empty());
  watchdog_.restart();
  const Watchdog::Time restarted = now_;
  EXPECT_FALSE(poll_for(10'000).empty());
  EXPECT_GE(now_ - restarted, milliseconds(kTimeout));
}

TEST_F(WatchdogTest, WatchesPartitionsThatJoin) {
  EXPECT_TRUE(poll_for(1'000).empty());
  looks_.push_back({true, 0});
  EXPECT_EQ(poll_for(10'000), std::vector<uint32_t>{3});
}

TEST_F(WatchdogTest, SaysTheSameAgainWithoutARestart) {
  looks_[0] = {true, 3};
  EXPECT_FALSE(poll_for(10'000).empty());
  EXPECT_EQ(look(), std::vector<uint32_t>{0});
}

TEST(WatchdogOffTest, IsNeverDue) {
  Watchdog watchdog(milliseconds(0));
  const Watchdog::Time begin{};
  watchdog.run(begin, true);
  EXPECT_EQ(watchdog.due_at(), Watchdog::Time::max());
  watchdog.run(begin + std::chrono::hours(1), true);
  EXPECT_FALSE(watchdog.is_due());
}

}  // namespace
}  // namespace tidemark
