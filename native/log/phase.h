// Phase: which part of the stream a row belongs to.
#pragma once

#include <cstdint>

namespace tidemark {

enum class Phase : uint8_t {
  kReplay,  // what was in the log when the stream was opened, in exact merge order
  kLive,    // what arrives after it
  kEnded,   // instead of live, where the stream has an end: nothing follows
};

}  // namespace tidemark
