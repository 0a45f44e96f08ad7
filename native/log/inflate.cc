#include "log/inflate.h"

namespace tidemark {

InflateOutcome Inflater::inflate(int codec, const uint8_t* bytes, size_t size, ByteBuffer& out) {
  const size_t begin = out.size();
  Outcome outcome = stream_.open(codec, bytes, size, most_bytes_);
  while (outcome == Outcome::kOk && !stream_.is_at_end())
    outcome = stream_.read(SIZE_MAX, out);
  if (outcome != Outcome::kOk) out.truncate(begin);
  return outcome;
}

}  // namespace tidemark
