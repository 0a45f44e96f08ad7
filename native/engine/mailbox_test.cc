#include "engine/mailbox.h"

#include <gtest/gtest.h>

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
    answer.state.is_live = is_live;
    return answer;
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
  EXPECT_TRUE(mailbox_.take_answer()->state.is_live);  // that it is live now, without a row
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
    Notice notice(Notice::Type::kThrottled);
    notice.throttle_ms = i;
    mailbox_.put_notice(notice);
  }
  const std::vector<Notice> notices = mailbox_.take_notices();
  ASSERT_EQ(notices.size(), 10'001u);
  EXPECT_EQ(notices[9'999].throttle_ms, 9'999);
  EXPECT_EQ(notices.back().type, Notice::Type::kEventsDropped);
  EXPECT_EQ(notices.back().count, 7u);
  EXPECT_TRUE(mailbox_.take_notices().empty());
}

}  // namespace
}  // namespace tidemark
