#include "kafka/authentication_failures.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace tidemark {
namespace {

constexpr int32_t kFirst = 1;
constexpr int32_t kSecond = 2;
const Clock::time_point kStart{};

TEST(AuthenticationFailures, OneAloneMayPass) {
  AuthenticationFailures failures;
  EXPECT_FALSE(failures.is_lasting(kFirst, kStart));
  EXPECT_FALSE(failures.is_lasting(kFirst, kStart + 4s));
}

TEST(AuthenticationFailures, OneThatIsRepeatedStays) {
  AuthenticationFailures failures;
  failures.is_lasting(kFirst, kStart);
  EXPECT_FALSE(failures.is_lasting(kFirst, kStart + 3s));
  EXPECT_TRUE(failures.is_lasting(kFirst, kStart + 5s));
}

TEST(AuthenticationFailures, AnotherBrokersIsNotTheSame) {
  AuthenticationFailures failures;
  failures.is_lasting(kFirst, kStart);
  EXPECT_FALSE(failures.is_lasting(kSecond, kStart + 6s));
}

TEST(AuthenticationFailures, AConnectionThatIsTakenEndsThem) {
  AuthenticationFailures failures;
  failures.is_lasting(kFirst, kStart);
  failures.forget(kFirst);
  EXPECT_FALSE(failures.is_lasting(kFirst, kStart + 6s));
  EXPECT_TRUE(failures.is_lasting(kFirst, kStart + 11s));
}

TEST(AuthenticationFailures, OneOfLongAgoIsForgotten) {
  AuthenticationFailures failures;
  failures.is_lasting(kFirst, kStart);
  EXPECT_FALSE(failures.is_lasting(kFirst, kStart + 16s));
  EXPECT_TRUE(failures.is_lasting(kFirst, kStart + 21s));
}

}  // namespace
}  // namespace tidemark
