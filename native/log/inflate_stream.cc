#include "log/inflate_stream.h"

#include <algorithm>
#include <utility>

namespace tidemark {

InflateOutcome InflateStream::open(int codec, const uint8_t* bytes, size_t size,
                                   size_t most_bytes) {
  close();
  codec_ = codec;
  bytes_ = bytes;
  size_ = size;
  most_bytes_ = most_bytes;
  given_ = 0;
  is_at_end_ = false;
  outcome_ = InflateStates::knows(codec) ? Outcome::kOk : Outcome::kUnknownCodec;
  return outcome_;
}

InflateOutcome InflateStream::read(size_t wanted, ByteBuffer& out) {
  if (outcome_ != Outcome::kOk || is_at_end_) return outcome_;
  if (state_ == nullptr) {
    state_ = states_.take(codec_);
    if (state_ == nullptr) return Outcome::kNoMemory;
    state_->open(bytes_, size_);
  }
  const size_t begin = out.size();
  InflateSink sink(out, wanted, most_bytes_ - given_);
  outcome_ = state_->read(sink);
  if (outcome_ == Outcome::kOk && sink.given() > sink.most) outcome_ = Outcome::kTooLarge;
  const size_t given = std::min(sink.given(), sink.most);
  out.truncate(begin + given);
  given_ += given;
  is_at_end_ = outcome_ == Outcome::kOk && state_->is_at_end();
  if (is_at_end_ || outcome_ != Outcome::kOk) close();
  if (outcome_ == Outcome::kNoMemory && given_ == 0) {
    outcome_ = Outcome::kOk;  // the next read begins anew
    return Outcome::kNoMemory;
  }
  // The next read tells the fault: how much comes before it must not hang on how it is read.
  return given > 0 ? Outcome::kOk : outcome_;
}

void InflateStream::close() {
  if (state_ != nullptr) states_.give_back(codec_, std::move(state_));
  state_ = nullptr;
}

}  // namespace tidemark
