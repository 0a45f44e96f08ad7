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
    const Watchdog::Duration end = waited_ + milliseconds(ms);
    std::vector<uint32_t> stalled;
    while (stalled.empty() && waited_ + watchdog_.remaining() <= end) {
      wait(watchdog_.remaining());
      EXPECT_TRUE(watchdog_.is_due());
      stalled = look();
    }
    if (stalled.empty()) wait(end - waited_);
    return stalled;
  }
  void wait(Watchdog::Duration time) {
    waited_ += time;
    watchdog_.set_time(waited_);
  }
  std::vector<uint32_t> look() {
    return watchdog_.look(looks_.size(), [this](size_t index) { return looks_[index]; });
  }

  static constexpr int kTimeout = 800;  // looks every 100
  Watchdog watchdog_{milliseconds(kTimeout)};
  std::vector<Watchdog::Look> looks_{{false, 0}, {false, 0}, {false, 0}};
  Watchdog::Duration waited_{};
};

TEST_F(WatchdogTest, NamesThosePartitionsThatAreWaitedForAndStayWhereTheyAre) {
  looks_ = {{true, 5}, {false, 7}, {true, 9}};
  EXPECT_EQ(poll_for(10'000), (std::vector<uint32_t>{0, 2}));
  EXPECT_GE(waited_, milliseconds(kTimeout));
  EXPECT_LE(waited_, milliseconds(kTimeout + kTimeout / 4));
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
  const Watchdog::Duration restarted = waited_;
  EXPECT_FALSE(poll_for(10'000).empty());
  EXPECT_GE(waited_ - restarted, milliseconds(kTimeout));
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
  EXPECT_EQ(watchdog.remaining(), Watchdog::Duration::max());
  watchdog.set_time(std::chrono::hours(1));
  EXPECT_FALSE(watchdog.is_due());
}

}  // namespace
}  // namespace tidemark
