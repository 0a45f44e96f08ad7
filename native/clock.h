// Clock: what deadlines are told by. It never steps back.
#pragma once

#include <chrono>

namespace tidemark {

struct Clock {
  using duration = std::chrono::steady_clock::duration;
  using time_point = std::chrono::steady_clock::time_point;

  static time_point now() { return simulated_ ? *simulated_ : std::chrono::steady_clock::now(); }

  // In a simulation, which has one thread: the time is `*now` until the test moves it. Null: the
  // real time again.
  static void simulate(const time_point* now) { simulated_ = now; }

 private:
  inline static const time_point* simulated_ = nullptr;
};

}  // namespace tidemark
