#include "merge/inflated_window.h"

#include <algorithm>
#include <cstring>

namespace tidemark {
namespace {

// What one large record took is not kept for the small ones that follow it.
constexpr size_t kMostKept = 1024 * 1024;

}  // namespace

void InflatedWindow::open(const RecordBatch& batch) {
  piece_.clear();
  outcome_ = stream_.open(batch.codec(), batch.records, batch.size);
}

InflatedWindow::Outcome InflatedWindow::advance(size_t unread, size_t wanted) {
  keep_end(unread, wanted);
  const size_t kept = piece_.size();
  const auto is_enough = [&] { return piece_.size() > kept && piece_.size() >= wanted; };
  while (outcome_ == Outcome::kOk && !stream_.is_at_end() && !is_enough()) {
    const size_t most = std::max(step_, piece_.size());
    const size_t missing = wanted > piece_.size() ? wanted - piece_.size() : 0;
    outcome_ = inflate_next(std::clamp(missing, step_, most), piece_);
  }
  return piece_.size() > kept ? Outcome::kOk : outcome_;
}

void InflatedWindow::keep_end(size_t unread, size_t wanted) {
  const uint8_t* const end = piece_.end() - unread;
  if (piece_.capacity() > kMostKept && piece_.capacity() / 4 > std::max(unread + step_, wanted)) {
    ByteBuffer smaller;
    if (smaller.make_room(unread + step_)) {
      std::memcpy(smaller.end(), end, unread);
      smaller.grow(unread);
      piece_.swap(smaller);
      return;
    }
  }
  if (unread > 0) std::memmove(piece_.data(), end, unread);
  piece_.truncate(unread);
}

}  // namespace tidemark
