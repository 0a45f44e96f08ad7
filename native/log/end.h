// End: where the replay of a partition ends. It is looked up once, when the stream is opened.
#pragma once

#include <cstdint>

namespace tidemark {

struct End {
  enum class Kind : uint8_t {
    kNow,      // behind the last record that is there, and visible, when the stream is opened
    kTime,     // the same, but at the latest before the first record at or past `time`
    kOffsets,  // before an offset that each partition has of its own
  };
  Kind kind = Kind::kNow;
  int64_t time = 0;  // epoch ms
};

}  // namespace tidemark
