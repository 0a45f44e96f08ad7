// AuthenticationFailures: which brokers refuse connections (password, token, certificate), and
// since when.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "clock.h"

namespace tidemark {

class AuthenticationFailures {
 public:
  // Notes that a broker, by its id, has refused a connection. True when it has refused every one
  // for so long that waiting will not help.
  bool is_lasting(int32_t broker, Clock::time_point now) {
    Period& period = of_.try_emplace(broker, Period{now, now}).first->second;
    if (now - period.last > kForgotten) period.first = now;
    period.last = now;
    return now - period.first >= kEnough;
  }

  // The broker has taken a connection.
  void forget(int32_t broker) { of_.erase(broker); }

 private:
  // A connection is tried again after a second at most, or what the user sets. Where none is wanted
  // for longer, the broker may have come round meanwhile.
  static constexpr auto kEnough = std::chrono::seconds(5);
  static constexpr auto kForgotten = std::chrono::seconds(15);

  struct Period {
    Clock::time_point first, last;
  };

  std::map<int32_t, Period> of_;
};

}  // namespace tidemark
