// InflatedWindow: a window over the records section of a compressed record batch: the piece that is
// read now, and the stream that gives what follows it.
//
// The bytes are hostile, and so is the length of a record: memory is taken for what has come out,
// never for what is said to come.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log/byte_buffer.h"
#include "log/inflate_stream.h"
#include "log/record_batch.h"

namespace tidemark {

class InflatedWindow {
 public:
  using Outcome = InflateOutcome;

  // As much is inflated at a time. It is a block of Java's lz4, and fits a second-level cache.
  static constexpr size_t kStep = 64 * 1024;

  explicit InflatedWindow(InflateStates& states, size_t step = kStep)
      : step_(step), stream_(states) {}

  // Starts on `batch`, whose records must stay valid until is_last() or close(). The window is
  // empty at first.
  void open(const RecordBatch& batch);

  // Moves on: the last `unread` bytes stay, behind them comes what follows, until there are
  // `wanted` bytes in all or the section ends. What a faulty section gives before its fault is read
  // first. The window has other bytes then, at another place.
  Outcome advance(size_t unread, size_t wanted);

  const uint8_t* bytes() const { return piece_.data(); }
  size_t size() const { return piece_.size(); }
  // The section ends where the window does. Nothing of the record batch is needed any more.
  bool is_last() const { return outcome_ == Outcome::kOk && stream_.is_at_end(); }

  // Gives back what the section holds; keeps the memory of the piece for the next.
  void close() { stream_.close(); }
  // What it costs, with the state of the codec.
  size_t memory_bytes() const { return piece_.capacity() + stream_.bytes(); }

 private:
  void keep_end(size_t unread, size_t wanted);
  // Touches nothing of the piece that is read, so that another thread may do it ahead.
  Outcome inflate_next(size_t bytes, ByteBuffer& to) { return stream_.read(bytes, to); }

  const size_t step_;
  ByteBuffer piece_;
  InflateStream stream_;
  Outcome outcome_ = Outcome::kOk;  // of the stream, so far
};

}  // namespace tidemark
