#include "capture/batch_trim.h"

#include <algorithm>
#include <utility>

#include "log/varint.h"

namespace tidemark {

bool trim_batch(RecordBatch* batch, int64_t offset, uint8_t* to) {
  const int64_t below = offset - std::exchange(batch->base_offset, offset);
  if (batch->kind != RecordBatchKind::kRecords) return true;
  const uint8_t* cursor = std::exchange(batch->records, to);
  const uint8_t* const end = cursor + batch->size;
  int64_t last_delta = -1;
  for (int32_t left = std::exchange(batch->record_count, 0); left > 0; --left) {
    int64_t size, timestamp_delta, offset_delta;
    const uint8_t* const body = read_varint(cursor, end, &size);
    if (body == nullptr || size < 1 || size > end - body) return false;
    const uint8_t* const behind = body + size;
    const uint8_t* const delta = read_varint(body + 1, behind, &timestamp_delta);
    const uint8_t* const rest =
        delta == nullptr ? nullptr : read_varint(delta, behind, &offset_delta);
    if (rest == nullptr || offset_delta <= last_delta) return false;
    last_delta = offset_delta;
    cursor = behind;
    if (offset_delta < below) continue;
    // The distance is shorter than before, and so is what says it.
    uint8_t new_delta[10];
    const uint8_t* const new_end = write_varint(new_delta, offset_delta - below);
    to = write_varint(to, (delta - body) + (new_end - new_delta) + (behind - rest));
    to = std::copy(body, delta, to);
    to = std::copy(static_cast<const uint8_t*>(new_delta), new_end, to);
    to = std::copy(rest, behind, to);
    ++batch->record_count;
  }
  batch->size = static_cast<size_t>(to - batch->records);
  return cursor == end;
}

}  // namespace tidemark
