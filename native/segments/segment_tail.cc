#include "segments/segment_tail.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "log/stored_batch.h"
#include "segments/read_header.h"

namespace tidemark {
namespace {

constexpr size_t kWindowBytes = 1024 * 1024;

// Whether a batch that may follow on from `before` is at `bytes`.
bool may_follow(const StoredBatch& before, const StoredBatch& batch) {
  constexpr int64_t kMostOffsets = std::numeric_limits<int32_t>::max();
  return batch.is_v2() && !batch.fault() && batch.base_offset > before.base_offset &&
         batch.base_offset - before.base_offset <= kMostOffsets;
}

}  // namespace

Status look_at_tail(const SegmentReader& file, const Segment& segment, uint64_t at, bool* is_end) {
  *is_end = true;
  uint8_t bytes[kStoredHeaderBytes];
  const size_t size = std::min<uint64_t>(sizeof(bytes), segment.size - at);
  if (Status status = file.read(at, bytes, size); !status.ok()) return status;
  const std::optional<StoredBatch> header = read_header(bytes, size);
  if (!header) return Status();
  const StoredBatch& torn = *header;
  const bool is_torn = torn.has_known_format() && !torn.fault() && torn.bytes() > segment.size - at;
  // No batch of such a size was ever written.
  const bool may_be_end = is_torn ? !torn.is_too_large() : torn.length == 0;
  bool is_zero = true;
  std::vector<uint8_t> window, batch;
  // The windows overlap, so that a header is whole in one of them.
  for (uint64_t begin = at; may_be_end && begin < segment.size;) {
    window.resize(std::min<uint64_t>(kWindowBytes, segment.size - begin));
    if (Status status = file.read(begin, window.data(), window.size()); !status.ok()) return status;
    is_zero &= std::all_of(window.begin(), window.end(), [](uint8_t byte) { return byte == 0; });
    if (!is_torn && !is_zero) break;
    for (size_t i = 0; is_torn && i + kStoredHeaderBytes <= window.size(); ++i) {
      if (window[i + 16] != 2) continue;
      const StoredBatch next = StoredBatch::read(window.data() + i);
      if (!may_follow(torn, next) || next.bytes() > segment.size - begin - i) continue;
      batch.resize(next.bytes());
      if (Status status = file.read(begin + i, batch.data(), batch.size()); !status.ok())
        return status;
      if (next.has_valid_checksum(batch.data())) {
        *is_end = false;
        return Status();
      }
    }
    if (begin + window.size() == segment.size) break;
    begin += window.size() - kStoredHeaderBytes;
  }
  *is_end = may_be_end && (is_torn || is_zero);
  return Status();
}

}  // namespace tidemark
