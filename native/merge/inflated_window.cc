#include "merge/inflated_window.h"

#include <algorithm>
#include <cstring>

namespace tidemark {
namespace {

// What one large record took is not kept for the small ones that follow it.
constexpr size_t kMostKept = 1024 * 1024;

}  // namespace

void InflatedWindow::open(const RecordBatch& batch, size_t most_bytes) {
  settle();
  piece_.clear();
  begin_ = 0;
  is_last_ = false;
  next_.open(batch, most_bytes);
}

void InflatedWindow::close() {
  settle();
  next_.close();
  count();
}

void InflatedWindow::count() {
  counted_.set(piece_.capacity());
  next_.count();
}

void InflatedWindow::settle() {
  if (!is_asked_) return;
  ahead_->settle(next_);
  is_asked_ = false;
}

InflatedWindow::Outcome InflatedWindow::advance(size_t unread, size_t wanted) {
  settle();
  if (next_.size() == 0) {
    next_.drop();  // the room in front may be there, where memory for more was not
    keep_end(unread, wanted);
  } else if (!take_next(unread)) {
    return Outcome::kNoMemory;
  }
  const auto is_enough = [&] { return size() > unread && size() >= wanted; };
  while (next_.has_more() && !is_enough()) {
    const size_t most = std::max(next_.step(), size());
    const size_t missing = wanted > size() ? wanted - size() : 0;
    next_.inflate(std::clamp(missing, next_.step(), most), piece_);
  }
  is_last_ = next_.is_at_end();
  count();
  if (ahead_ && next_.has_more()) {
    // Its codec, whose state may not be there yet, takes about as much as the piece.
    asked_bytes_ = next_.memory_bytes() + 2 * next_.step();
    is_asked_ = true;
    ahead_->ask(next_);
  }
  return size() > unread ? Outcome::kOk : next_.outcome();
}

bool InflatedWindow::take_next(size_t unread) {
  ByteBuffer& next = next_.bytes();
  if (unread <= NextPiece::kRoomInFront) {
    begin_ = NextPiece::kRoomInFront - unread;
    if (unread > 0) std::memcpy(next.data() + begin_, piece_.end() - unread, unread);
    piece_.swap(next);
    if (next.capacity() > kMostKept) ByteBuffer().swap(next);
  } else {
    keep_end(unread, unread + next_.size());
    if (!piece_.make_room(next_.size())) return false;
    std::memcpy(piece_.end(), next.data() + NextPiece::kRoomInFront, next_.size());
    piece_.grow(next_.size());
  }
  next_.drop();
  return true;
}

void InflatedWindow::keep_end(size_t unread, size_t wanted) {
  const uint8_t* const end = piece_.end() - unread;
  begin_ = 0;
  if (piece_.capacity() > kMostKept &&
      piece_.capacity() / 4 > std::max(unread + next_.step(), wanted)) {
    ByteBuffer smaller;
    if (smaller.make_room(unread + next_.step())) {
      std::memcpy(smaller.end(), end, unread);
      smaller.grow(unread);
      piece_.swap(smaller);
      return;
    }
  }
  if (unread > 0) std::memmove(piece_.data(), end, unread);
  piece_.truncate(unread);
}

size_t InflatedWindow::memory_bytes() const {
  return piece_.capacity() + (is_asked_ ? asked_bytes_ : next_.memory_bytes());
}

}  // namespace tidemark
