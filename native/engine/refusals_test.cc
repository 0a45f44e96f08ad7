#include "engine/refusals.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace tidemark {
namespace {

constexpr int32_t kFirst = 1;
constexpr int32_t kSecond = 2;
const Clock::time_point kStart{};

TEST(Refusals, OneAloneMayPass) {
  Refusals refusals;
  EXPECT_FALSE(refusals.stays(kFirst, kStart));
  EXPECT_FALSE(refusals.stays(kFirst, kStart + 4s));
}

TEST(Refusals, OneThatIsRepeatedStays) {
  Refusals refusals;
  refusals.stays(kFirst, kStart);
  EXPECT_FALSE(refusals.stays(kFirst, kStart + 3s));
  EXPECT_TRUE(refusals.stays(kFirst, kStart + 5s));
}

TEST(Refusals, AnotherBrokersIsNotTheSame) {
  Refusals refusals;
  refusals.stays(kFirst, kStart);
  EXPECT_FALSE(refusals.stays(kSecond, kStart + 6s));
}

TEST(Refusals, AConnectionThatIsTakenEndsThem) {
  Refusals refusals;
  refusals.stays(kFirst, kStart);
  refusals.pass(kFirst);
  EXPECT_FALSE(refusals.stays(kFirst, kStart + 6s));
  EXPECT_TRUE(refusals.stays(kFirst, kStart + 11s));
}

TEST(Refusals, OneOfLongAgoIsForgotten) {
  Refusals refusals;
  refusals.stays(kFirst, kStart);
  EXPECT_FALSE(refusals.stays(kFirst, kStart + 16s));
  EXPECT_TRUE(refusals.stays(kFirst, kStart + 21s));
}

}  // namespace
}  // namespace tidemark
