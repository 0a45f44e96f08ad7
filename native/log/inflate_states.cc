#include "log/inflate_states.h"

#include <utility>

namespace tidemark {

std::unique_ptr<InflateCodec> InflateStates::take(int codec) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& state : idle_[static_cast<size_t>(codec)])
      if (state != nullptr) return std::move(state);
  }
  switch (codec) {
    case kGzipCodec:
      return make_gzip_codec();
    case kSnappyCodec:
      return make_snappy_codec();
    case kLz4Codec:
      return make_lz4_codec();
    default:
      return make_zstd_codec();
  }
}

void InflateStates::give_back(int codec, std::unique_ptr<InflateCodec> state) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& place : idle_[static_cast<size_t>(codec)]) {
    if (place != nullptr) continue;
    place = std::move(state);
    return;
  }
}

size_t InflateStates::bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  size_t sum = 0;
  for (const Idle& idle : idle_)
    for (const auto& state : idle)
      sum += state != nullptr ? state->bytes() : 0;
  return sum;
}

}  // namespace tidemark
