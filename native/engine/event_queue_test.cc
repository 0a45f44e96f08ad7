#include "engine/event_queue.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

class EventQueueTest : public ::testing::Test {
 protected:
  EventQueue events_{[] {}};
};

TEST_F(EventQueueTest, KeepsTheOldestLogLinesAndTellsHowManyAreMissing) {
  for (int i = 0; i < 10'007; ++i)
    events_.put_log({7, "FETCH", std::to_string(i)});
  const std::vector<LogLine> lines = events_.take_logs();
  ASSERT_EQ(lines.size(), 10'001u);
  EXPECT_EQ(lines[9'999].message, "9999");
  EXPECT_NE(lines[10'000].message.find("7 log lines were dropped"), std::string::npos);
  EXPECT_TRUE(events_.take_logs().empty());
}

TEST_F(EventQueueTest, KeepsTheOldestClientEventsAndSaysHowManyAreMissing) {
  for (int i = 0; i < 10'007; ++i) {
    ClientEvent event(ClientEvent::Type::kThrottled);
    event.throttle_ms = i;
    events_.put_client_event(event);
  }
  const std::vector<ClientEvent> events = events_.take_client_events();
  ASSERT_EQ(events.size(), 10'001u);
  EXPECT_EQ(events[9'999].throttle_ms, 9'999);
  EXPECT_EQ(events.back().type, ClientEvent::Type::kEventsDropped);
  EXPECT_EQ(events.back().count, 7u);
  EXPECT_TRUE(events_.take_client_events().empty());
}

}  // namespace
}  // namespace tidemark
