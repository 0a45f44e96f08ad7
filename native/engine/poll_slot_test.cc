#include "engine/poll_slot.h"

#include <gtest/gtest.h>

#include <thread>
#include <tuple>

#include "source/wake_up.h"

namespace tidemark {
namespace {

class PollSlotTest : public ::testing::Test {
 protected:
  Answer stall() {
    Answer answer;
    answer.error = Status::error(ErrorCode::kStalled, "nothing arrives");
    return answer;
  }
  Answer empty(bool is_live) {
    Answer answer;
    answer.state.phase = is_live ? Phase::kLive : Phase::kReplay;
    return answer;
  }
  // Whether the engine has been woken since the last call: then no time is waited.
  bool is_awake() { return wakes_before(Clock::now() + std::chrono::seconds(30)); }
  // That it has not is seen after a moment.
  bool is_asleep() { return !wakes_before(Clock::now() + std::chrono::milliseconds(20)); }
  bool wakes_before(Clock::time_point deadline) {
    std::vector<PartitionHandle> rung;
    engine_.wait_until(deadline, &rung);
    return Clock::now() < deadline;
  }
  void poll() { ASSERT_TRUE(slot_.request_poll(Clock::time_point::max())); }

  WakeUp engine_;
  int rings_ = 0;
  PollSlot slot_{engine_, [this] { ++rings_; }};
};

TEST_F(PollSlotTest, AnErrorThatIsPutIsTheAnswerOfOnePoll) {
  poll();
  slot_.put(stall());
  EXPECT_EQ(slot_.take_answer()->error.code, ErrorCode::kStalled);
  poll();
  EXPECT_TRUE(slot_.deadline());
  EXPECT_FALSE(slot_.take_answer());
}

TEST_F(PollSlotTest, AnErrorThatIsFinalIsTheAnswerOfEveryPollFromThenOn) {
  slot_.put_final(Status::error(ErrorCode::kOffsetGap, "gone"));
  for (int i = 0; i < 3; ++i) {
    poll();
    EXPECT_EQ(slot_.take_answer()->error.code, ErrorCode::kOffsetGap);
  }
}

TEST_F(PollSlotTest, AStallIsGoneWithThePollThatItWasFor) {
  poll();
  slot_.put(stall());
  slot_.cancel_poll();
  poll();
  EXPECT_FALSE(slot_.take_answer());
}

TEST_F(PollSlotTest, ADeadlineIsGoneWithThePollThatItWasFor) {
  slot_.put(empty(true));
  poll();
  EXPECT_TRUE(slot_.take_answer()->state.is_live());  // that it is live now, without a row
  for (const bool is_live : {false, true}) {
    poll();
    slot_.cancel_poll();
    slot_.put(empty(is_live));
    poll();
    EXPECT_FALSE(slot_.take_answer());
    slot_.put(empty(is_live));  // made for the one that was withdrawn
    EXPECT_FALSE(slot_.take_answer());
    slot_.cancel_poll();
    ASSERT_TRUE(slot_.request_poll(Clock::now()));
    slot_.put(empty(is_live));
    EXPECT_TRUE(slot_.take_answer());
  }
}

// --- sleep and wake-ups -----------------------------------------------------------------------

constexpr auto kPatient = Clock::duration::max();
using std::chrono::hours;
using std::chrono::milliseconds;

TEST_F(PollSlotTest, WakesTheEngineForAPollOnlyThatIsDueBeforeItWouldWake) {
  const auto until = Clock::now() + hours(1);
  for (const auto& [deadline, patience, wakes] :
       {std::tuple{until + hours(1), kPatient, false}, std::tuple{until - hours(1), kPatient, true},
        std::tuple{until + hours(1), Clock::duration(hours(2)), false},
        std::tuple{until + hours(1), Clock::duration(milliseconds(1)), true}}) {
    PollSlot slot(engine_, [] {});
    EXPECT_EQ(slot.begin_sleep({until, patience, false, false}), until);
    ASSERT_TRUE(slot.request_poll(deadline));
    EXPECT_TRUE(wakes ? is_awake() : is_asleep());
    slot.cancel_poll();
    EXPECT_TRUE(is_awake());
  }
}

TEST_F(PollSlotTest, LetsTheEngineSleepUntilThePollIsDueThatWaits) {
  const auto begun = Clock::now();
  ASSERT_TRUE(slot_.request_poll(begun + hours(1)));
  EXPECT_EQ(slot_.begin_sleep({begun + hours(2), kPatient, false, false}), begun + hours(1));
  EXPECT_EQ(slot_.begin_sleep({begun, kPatient, false, false}), begun);
  const auto patient_until = slot_.begin_sleep({begun + hours(2), milliseconds(5), false, false});
  EXPECT_GE(patient_until, begun + milliseconds(5));
  EXPECT_LT(patient_until, begun + hours(1));
}

TEST_F(PollSlotTest, TheNextPollOfManyAlikeDoesNotWakeTheEngine) {
  const auto begun = Clock::now();
  const Sleep sleep{begun + hours(3), kPatient, false, false};
  ASSERT_TRUE(slot_.request_poll(begun + hours(1)));
  slot_.put(stall());
  EXPECT_EQ(slot_.begin_sleep(sleep), begun + hours(1));
  EXPECT_TRUE(slot_.take_answer());
  ASSERT_TRUE(slot_.request_poll(begun + hours(1) + milliseconds(1)));
  EXPECT_TRUE(is_asleep());
  EXPECT_EQ(slot_.begin_sleep(sleep), begun + hours(1) + milliseconds(1));
}

TEST_F(PollSlotTest, LetsTheEngineSleepThoughNoPatienceIsLeftOfAPollThatIsAnswered) {
  const auto begun = Clock::now();
  ASSERT_TRUE(slot_.request_poll(begun + hours(1)));
  slot_.put(stall());
  const Sleep sleep{begun + hours(3), Clock::duration(1), false, false};
  EXPECT_GE(slot_.begin_sleep(sleep), begun + milliseconds(10));
}

TEST_F(PollSlotTest, DoesNotLetTheEngineSleepWithWhatAnswersAPoll) {
  const auto until = Clock::now() + hours(1);
  EXPECT_EQ(slot_.begin_sleep({until, kPatient, false, true}), until);
  poll();
  EXPECT_TRUE(is_awake());
  EXPECT_EQ(slot_.begin_sleep({until, kPatient, false, true}), kNotAtAll);
  slot_.put(empty(true));
  EXPECT_EQ(slot_.begin_sleep({until, kPatient, false, true}), until);
}

TEST_F(PollSlotTest, WakesTheEngineWhenThereIsRoomForWhatItHasMore) {
  const auto until = Clock::now() + hours(1);
  EXPECT_EQ(slot_.begin_sleep({until, kPatient, true, false}), kNotAtAll);
  for (const bool has_more : {false, true}) {
    ASSERT_TRUE(slot_.request_poll(until));
    slot_.put(stall());
    EXPECT_EQ(slot_.begin_sleep({until, kPatient, has_more, false}), until);
    EXPECT_TRUE(slot_.take_answer());
    EXPECT_TRUE(has_more ? is_awake() : is_asleep());
  }
}

TEST_F(PollSlotTest, CountsForHowLongPollsWait) {
  const auto wait = [] { std::this_thread::sleep_for(milliseconds(2)); };
  wait();
  EXPECT_EQ(slot_.time_waited(), Clock::duration(0));
  Clock::duration waited{};
  // Until it is answered, withdrawn, or the stream has ended.
  for (const std::function<void()>& end :
       {std::function<void()>([this] { slot_.put(stall()); }),
        std::function<void()>([this] { slot_.cancel_poll(); }), std::function<void()>([this] {
          slot_.put_final(Status::error(ErrorCode::kClosed, ""));
        })}) {
    poll();
    wait();
    EXPECT_GE(slot_.time_waited(), waited + milliseconds(2));
    end();
    waited = slot_.time_waited();
    wait();
    EXPECT_EQ(slot_.time_waited(), waited);
    slot_.take_answer();
  }
  poll();
  wait();
  EXPECT_EQ(slot_.time_waited(), waited);
}

}  // namespace
}  // namespace tidemark
