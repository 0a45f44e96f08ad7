// Inflater: decompresses the records section of a record batch whole, by any of Kafka's codecs.
//
// A form of InflateStream, for what has no use for less than the whole. For one thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log/byte_buffer.h"
#include "log/inflate_states.h"
#include "log/inflate_stream.h"

namespace tidemark {

class Inflater {
 public:
  using Outcome = InflateOutcome;

  explicit Inflater(size_t most_bytes = kMostInflatedBytes)
      : most_bytes_(most_bytes), stream_(states_) {}

  // Appends to `out`; `codec` as in the attributes of a record batch, not 0. When it fails, `out`
  // is as it was.
  Outcome inflate(int codec, const uint8_t* bytes, size_t size, ByteBuffer& out);

 private:
  const size_t most_bytes_;
  InflateStates states_;
  InflateStream stream_;
};

}  // namespace tidemark
