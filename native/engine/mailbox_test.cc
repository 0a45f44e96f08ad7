#include "engine/mailbox.h"

#include <gtest/gtest.h>

#include <thread>
#include <tuple>

namespace tidemark {
namespace {

class MailboxTest : public ::testing::Test {
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
  void poll() { ASSERT_TRUE(mailbox_.request_poll(Clock::time_point::max())); }

  WakeUp engine_;
  int rings_ = 0;
  Mailbox mailbox_{engine_, [this] { ++rings_; }};
};

TEST_F(MailboxTest, AnErrorThatIsPutIsTheAnswerOfOnePoll) {
  poll();
  mailbox_.put(stall());
  EXPECT_EQ(mailbox_.take_answer()->error.code, ErrorCode::kStalled);
  poll();
  EXPECT_TRUE(mailbox_.demand());
  EXPECT_FALSE(mailbox_.take_answer());
}

TEST_F(MailboxTest, AnErrorThatIsFinalIsTheAnswerOfEveryPollFromThenOn) {
  mailbox_.put_final(Status::error(ErrorCode::kOffsetGap, "gone"));
  for (int i = 0; i < 3; ++i) {
    poll();
    EXPECT_EQ(mailbox_.take_answer()->error.code, ErrorCode::kOffsetGap);
  }
}

TEST_F(MailboxTest, AStallIsGoneWithThePollThatItWasFor) {
  poll();
  mailbox_.put(stall());
  mailbox_.cancel_poll();
  poll();
  EXPECT_FALSE(mailbox_.take_answer());
}

TEST_F(MailboxTest, ADeadlineIsGoneWithThePollThatItWasFor) {
  mailbox_.put(empty(true));
  poll();
  EXPECT_TRUE(mailbox_.take_answer()->state.is_live());  // that it is live now, without a row
  for (const bool is_live : {false, true}) {
    poll();
    mailbox_.cancel_poll();
    mailbox_.put(empty(is_live));
    poll();
    EXPECT_FALSE(mailbox_.take_answer());
    mailbox_.put(empty(is_live));  // made for the one that was withdrawn
    EXPECT_FALSE(mailbox_.take_answer());
    mailbox_.cancel_poll();
    ASSERT_TRUE(mailbox_.request_poll(Clock::now()));
    mailbox_.put(empty(is_live));
    EXPECT_TRUE(mailbox_.take_answer());
  }
}

// --- sleep and wake-ups -----------------------------------------------------------------------

constexpr Clock::time_point kNotAtAll{};
constexpr auto kPatient = Clock::duration::max();
using std::chrono::hours;
using std::chrono::milliseconds;

TEST_F(MailboxTest, WakesTheEngineForAPollOnlyThatIsDueBeforeItWouldWake) {
  const auto until = Clock::now() + hours(1);
  for (const auto& [deadline, patience, wakes] :
       {std::tuple{until + hours(1), kPatient, false}, std::tuple{until - hours(1), kPatient, true},
        std::tuple{until + hours(1), Clock::duration(hours(2)), false},
        std::tuple{until + hours(1), Clock::duration(milliseconds(1)), true}}) {
    Mailbox mailbox(engine_, [] {});
    EXPECT_EQ(mailbox.begin_sleep({until, patience, false, false}), until);
    ASSERT_TRUE(mailbox.request_poll(deadline));
    EXPECT_TRUE(wakes ? is_awake() : is_asleep());
    mailbox.cancel_poll();
    EXPECT_TRUE(is_awake());
  }
}

TEST_F(MailboxTest, LetsTheEngineSleepUntilThePollIsDueThatWaits) {
  const auto begun = Clock::now();
  ASSERT_TRUE(mailbox_.request_poll(begun + hours(1)));
  EXPECT_EQ(mailbox_.begin_sleep({begun + hours(2), kPatient, false, false}), begun + hours(1));
  EXPECT_EQ(mailbox_.begin_sleep({begun, kPatient, false, false}), begun);
  const auto patient_until =
      mailbox_.begin_sleep({begun + hours(2), milliseconds(5), false, false});
  EXPECT_GE(patient_until, begun + milliseconds(5));
  EXPECT_LT(patient_until, begun + hours(1));
}

TEST_F(MailboxTest, TheNextPollOfManyAlikeDoesNotWakeTheEngine) {
  const auto begun = Clock::now();
  const Mailbox::Sleep sleep{begun + hours(3), kPatient, false, false};
  ASSERT_TRUE(mailbox_.request_poll(begun + hours(1)));
  mailbox_.put(stall());
  EXPECT_EQ(mailbox_.begin_sleep(sleep), begun + hours(1));
  EXPECT_TRUE(mailbox_.take_answer());
  ASSERT_TRUE(mailbox_.request_poll(begun + hours(1) + milliseconds(1)));
  EXPECT_TRUE(is_asleep());
  EXPECT_EQ(mailbox_.begin_sleep(sleep), begun + hours(1) + milliseconds(1));
}

TEST_F(MailboxTest, LetsTheEngineSleepThoughNoPatienceIsLeftOfAPollThatIsAnswered) {
  const auto begun = Clock::now();
  ASSERT_TRUE(mailbox_.request_poll(begun + hours(1)));
  mailbox_.put(stall());
  const Mailbox::Sleep sleep{begun + hours(3), Clock::duration(1), false, false};
  EXPECT_GE(mailbox_.begin_sleep(sleep), begun + milliseconds(10));
}

TEST_F(MailboxTest, DoesNotLetTheEngineSleepWithWhatAnswersAPoll) {
  const auto until = Clock::now() + hours(1);
  EXPECT_EQ(mailbox_.begin_sleep({until, kPatient, false, true}), until);
  poll();
  EXPECT_TRUE(is_awake());
  EXPECT_EQ(mailbox_.begin_sleep({until, kPatient, false, true}), kNotAtAll);
  mailbox_.put(empty(true));
  EXPECT_EQ(mailbox_.begin_sleep({until, kPatient, false, true}), until);
}

TEST_F(MailboxTest, WakesTheEngineWhenThereIsRoomForWhatItHasMore) {
  const auto until = Clock::now() + hours(1);
  EXPECT_EQ(mailbox_.begin_sleep({until, kPatient, true, false}), kNotAtAll);
  for (const bool has_more : {false, true}) {
    ASSERT_TRUE(mailbox_.request_poll(until));
    mailbox_.put(stall());
    EXPECT_EQ(mailbox_.begin_sleep({until, kPatient, has_more, false}), until);
    EXPECT_TRUE(mailbox_.take_answer());
    EXPECT_TRUE(has_more ? is_awake() : is_asleep());
  }
}

TEST_F(MailboxTest, CountsForHowLongPollsWait) {
  const auto wait = [] { std::this_thread::sleep_for(milliseconds(2)); };
  wait();
  EXPECT_EQ(mailbox_.time_waited(), Clock::duration(0));
  Clock::duration waited{};
  // Until it is answered, withdrawn, or the stream has ended.
  for (const std::function<void()>& end :
       {std::function<void()>([this] { mailbox_.put(stall()); }),
        std::function<void()>([this] { mailbox_.cancel_poll(); }), std::function<void()>([this] {
          mailbox_.put_final(Status::error(ErrorCode::kClosed, ""));
        })}) {
    poll();
    wait();
    EXPECT_GE(mailbox_.time_waited(), waited + milliseconds(2));
    end();
    waited = mailbox_.time_waited();
    wait();
    EXPECT_EQ(mailbox_.time_waited(), waited);
    mailbox_.take_answer();
  }
  poll();
  wait();
  EXPECT_EQ(mailbox_.time_waited(), waited);
}

// --- what is not asked for --------------------------------------------------------------------

TEST_F(MailboxTest, KeepsTheOldestLogLinesAndTellsHowManyAreMissing) {
  for (int i = 0; i < 10'007; ++i)
    mailbox_.put_log({7, "FETCH", std::to_string(i)});
  const std::vector<LogLine> lines = mailbox_.take_logs();
  ASSERT_EQ(lines.size(), 10'001u);
  EXPECT_EQ(lines[9'999].message, "9999");
  EXPECT_NE(lines[10'000].message.find("7 log lines were dropped"), std::string::npos);
  EXPECT_TRUE(mailbox_.take_logs().empty());
}

TEST_F(MailboxTest, KeepsTheOldestNoticesAndSaysHowManyAreMissing) {
  for (int i = 0; i < 10'007; ++i) {
    ClientEvent event(ClientEvent::Type::kThrottled);
    event.throttle_ms = i;
    mailbox_.put_client_event(event);
  }
  const std::vector<ClientEvent> events = mailbox_.take_client_events();
  ASSERT_EQ(events.size(), 10'001u);
  EXPECT_EQ(events[9'999].throttle_ms, 9'999);
  EXPECT_EQ(events.back().type, ClientEvent::Type::kEventsDropped);
  EXPECT_EQ(events.back().count, 7u);
  EXPECT_TRUE(mailbox_.take_client_events().empty());
}

}  // namespace
}  // namespace tidemark
