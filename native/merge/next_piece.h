// NextPiece: what follows a window, of the same section, as far as it has been inflated. By one at
// a time: who reads the window, or another thread ahead of it (InflateAhead).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "log/byte_buffer.h"
#include "log/inflate_stream.h"
#include "log/record_batch.h"
#include "merge/counted_bytes.h"

namespace tidemark {

class NextPiece {
 public:
  using Outcome = InflateOutcome;

  // In front of what is inflated ahead there is room for what stays of the window before it: the
  // part of a record, mostly.
  static constexpr size_t kRoomInFront = 4 * 1024;

  // What it holds is counted in `sum`.
  NextPiece(InflateStates& states, std::atomic<size_t>& sum, size_t step)
      : step_(step), stream_(states), counted_(sum) {}

  void open(const RecordBatch& batch, size_t most_bytes) {
    drop();
    outcome_ = stream_.open(batch.codec(), batch.records, batch.size, most_bytes);
  }
  void close() {
    drop();
    stream_.close();
  }

  // The section goes on, and there is no fault so far.
  bool has_more() const { return outcome_ == Outcome::kOk && !stream_.is_at_end(); }
  Outcome outcome() const { return outcome_; }  // of the stream, so far
  size_t memory_bytes() const { return bytes_.capacity() + stream_.bytes(); }
  bool is_at_end() const { return outcome_ == Outcome::kOk && stream_.is_at_end(); }

  // Inflates a step, behind the room in front. Where there is no memory, who reads it tries again.
  void inflate_ahead() {
    if (!bytes_.make_room(kRoomInFront + step_)) return;
    bytes_.grow(kRoomInFront);
    inflate(step_, bytes_);
    if (outcome_ == Outcome::kNoMemory) outcome_ = Outcome::kOk;
    count();
  }
  // As much at once, behind what is in `to`.
  void inflate(size_t bytes, ByteBuffer& to) { outcome_ = stream_.read(bytes, to); }

  // What was inflated ahead, behind the room.
  ByteBuffer& bytes() { return bytes_; }
  size_t size() const { return bytes_.size() > kRoomInFront ? bytes_.size() - kRoomInFront : 0; }
  void drop() { bytes_.clear(); }

  size_t step() const { return step_; }

  // Of the queue of who inflates ahead.
  NextPiece* before = nullptr;
  NextPiece* behind = nullptr;
  bool is_queued = false;

  void count() { counted_.set(memory_bytes()); }

 private:
  const size_t step_;
  ByteBuffer bytes_;
  InflateStream stream_;
  Outcome outcome_ = Outcome::kOk;
  CountedBytes counted_;
};

}  // namespace tidemark
