#include "log/inflate.h"

namespace tidemark {

InflateOutcome Inflater::inflate(int codec, const uint8_t* bytes, size_t size, ByteBuffer& out) {
  const Outcome outcome = stream_.open(codec, bytes, size, most_bytes_);
  return outcome == Outcome::kOk ? stream_.read(SIZE_MAX, out) : outcome;
}

}  // namespace tidemark
