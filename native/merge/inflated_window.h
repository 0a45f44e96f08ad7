// InflatedWindow: a window over the records section of a compressed record batch: the piece that is
// read now, and what follows it, which may be inflated ahead meanwhile.
//
// The bytes are hostile, and so is the length of a record: memory is taken for what has come out,
// never for what is said to come.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "log/byte_buffer.h"
#include "log/record_batch.h"
#include "merge/counted_bytes.h"
#include "merge/inflate_ahead.h"
#include "merge/next_piece.h"

namespace tidemark {

class InflatedWindow {
 public:
  using Outcome = InflateOutcome;

  // As much is inflated at a time. It is a block of Java's lz4, and fits a second-level cache.
  static constexpr size_t kStep = 64 * 1024;

  // Its memory is counted in `sum`. Without `ahead` all is inflated by who reads it, when it is
  // needed.
  InflatedWindow(InflateStates& states, std::atomic<size_t>& sum, size_t step = kStep,
                 InflateAhead* ahead = nullptr)
      : ahead_(ahead), counted_(sum), next_(states, sum, step) {}
  ~InflatedWindow() { settle(); }
  InflatedWindow(const InflatedWindow&) = delete;
  InflatedWindow& operator=(const InflatedWindow&) = delete;

  // Starts on `batch`, whose records must stay valid until is_last() or close(), and may inflate to
  // `most_bytes`. The window is empty at first.
  void open(const RecordBatch& batch, size_t most_bytes = kMostInflatedBytes);

  // Moves on: the last `unread` bytes stay, behind them comes what follows, until there are
  // `wanted` bytes in all or the section ends. What a faulty section gives before its fault is read
  // first. The window has other bytes then, at another place.
  Outcome advance(size_t unread, size_t wanted);

  const uint8_t* bytes() const { return piece_.data() + begin_; }
  size_t size() const { return piece_.size() - begin_; }
  // The section ends where the window does. Nothing of the record batch is needed any more.
  bool is_last() const { return is_last_; }

  // Gives back what the section holds; keeps the memory of the pieces for the next.
  void close();
  // What it costs, with the state of the codec.
  size_t memory_bytes() const;

 private:
  void settle();
  // Nobody else touches next_.
  void count();
  void keep_end(size_t unread, size_t wanted);
  // What was inflated ahead is the window now, behind the unread end of the one before. False:
  // there is no memory.
  bool take_next(size_t unread);

  InflateAhead* const ahead_;
  ByteBuffer piece_;
  CountedBytes counted_;
  size_t begin_ = 0;  // of what is read, in piece_
  NextPiece next_;
  bool is_asked_ = false;   // next_ is touched by others
  size_t asked_bytes_ = 0;  // its memory then, about
  bool is_last_ = false;
};

}  // namespace tidemark
