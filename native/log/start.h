// Start: where the reading of a topic begins. A source looks it up for each partition.
#pragma once

#include <cstdint>

namespace tidemark {

struct Start {
  enum class Kind : uint8_t {
    kEarliest,  // the first record that is there
    kLatest,    // behind the last one
    kTime,      // the first record at or past `time`; behind the last one where there is none
  };
  Kind kind = Kind::kEarliest;
  int64_t time = 0;  // epoch ms
};

}  // namespace tidemark
