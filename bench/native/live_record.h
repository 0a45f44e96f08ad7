// LiveRecord: what the value of a record in live starts with, little-endian.
#pragma once

#include <cstdint>
#include <ctime>

#include "support.h"

namespace tidemark {

struct LiveRecord {
  int64_t intended;  // when it was to be sent, on the monotonic clock in ns
  int64_t index;     // of the record, from 0 on
};

// The clock that Node's process.hrtime reads too: sender and reader are on one machine.
inline int64_t now_nanoseconds() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace tidemark
