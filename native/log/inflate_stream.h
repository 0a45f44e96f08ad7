// InflateStream: the records section of one record batch, inflated piece by piece.
//
// It costs next to nothing while no section is under way: see InflateStates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "log/inflate_codec.h"
#include "log/inflate_states.h"

namespace tidemark {

class InflateStream {
 public:
  using Outcome = InflateOutcome;

  // `states` lives longer, and may be shared with other streams, of other threads too.
  explicit InflateStream(InflateStates& states) : states_(states) {}
  ~InflateStream() { close(); }
  InflateStream(const InflateStream&) = delete;
  InflateStream& operator=(const InflateStream&) = delete;

  // Starts on a section, whatever became of the one before; `bytes` stay where they are until it is
  // at its end or closed. `codec` as in the attributes of a record batch, not 0. It may give
  // `most_bytes` in all. Nothing is taken or read before the first read(). Not kOk: kUnknownCodec.
  Outcome open(int codec, const uint8_t* bytes, size_t size,
               size_t most_bytes = kMostInflatedBytes);
  // Appends to `out` what comes next: at least `wanted` bytes unless the section ends before, and
  // at most one block of lz4 or snappy more (snappy without Java's framing is one block; zstd comes
  // whole from the first frame with a window above 8 MiB on, whatever it is, up to the limit). What
  // was given before may be moved or dropped: nothing points there. What comes before a fault is
  // given first; behind it every read fails the same way, and `out` is as it was; but for kNoMemory
  // before the first byte.
  Outcome read(size_t wanted, ByteBuffer& out);
  // Everything came out, and length and checksums are right. At the latest a read that gives less
  // than was wanted finds it out.
  bool is_at_end() const { return is_at_end_; }
  // Gives back what the section holds.
  void close();
  // The memory of the section that is under way, beside what was given.
  size_t bytes() const { return state_ != nullptr ? state_->bytes() : 0; }
  // What came out so far.
  size_t given() const { return given_; }

 private:
  InflateStates& states_;
  std::unique_ptr<InflateCodec> state_;
  const uint8_t* bytes_ = nullptr;
  size_t size_ = 0;
  size_t most_bytes_ = 0;
  size_t given_ = 0;
  int codec_ = 0;
  Outcome outcome_ = Outcome::kOk;
  bool is_at_end_ = true;
};

}  // namespace tidemark
