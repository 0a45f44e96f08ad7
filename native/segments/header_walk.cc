#include "segments/header_walk.h"

#include <algorithm>
#include <utility>

#include "segments/read_header.h"

namespace tidemark {
namespace {

// Small batches come by the dozen; of large ones little is read that is not wanted.
constexpr size_t kWindowBytes = 8 * 1024;

}  // namespace

HeaderWalk::Step HeaderWalk::next() {
  position_ = next_;
  if (std::exchange(has_batch_, false)) order_.take(batch_);
  const uint64_t left = segment_.size - position_;
  if (left == 0) return Step::kEnd;
  const size_t size = std::min<uint64_t>(left, kStoredHeaderBytes);
  const uint8_t* const at = bytes(position_, size);
  if (!at) return Step::kError;
  const std::optional<StoredBatch> header = read_header(at, size);
  if (!header) return Step::kTruncated;
  batch_ = *header;
  if (batch_.fault()) return Step::kFault;
  if (batch_.bytes() > left) return Step::kTruncated;
  if (order_.fault(batch_)) return Step::kFault;
  has_batch_ = true;
  next_ = position_ + batch_.bytes();
  return Step::kBatch;
}

const uint8_t* HeaderWalk::bytes(uint64_t at, size_t size) {
  const bool is_there = at >= window_begin_ && at + size <= window_begin_ + window_.size();
  if (!is_there) {
    window_.resize(std::min<uint64_t>(kWindowBytes, segment_.size - at));
    window_begin_ = at;
    status_ = file_.read(at, window_.data(), window_.size());
    if (!status_.ok()) return nullptr;
  }
  return window_.data() + (at - window_begin_);
}

}  // namespace tidemark
