#include "capture/batch_trim.h"

#include "log/varint.h"

namespace tidemark {

bool trim_batch(RecordBatch* batch, int64_t offset) {
  if (batch->kind != RecordBatchKind::kRecords) return true;
  const uint8_t* const end = batch->records + batch->size;
  while (batch->record_count > 0) {
    int64_t size, timestamp_delta, offset_delta;
    const uint8_t* const body = read_varint(batch->records, end, &size);
    if (body == nullptr || size < 1 || size > end - body) return false;
    const uint8_t* cursor = read_varint(body + 1, body + size, &timestamp_delta);
    if (cursor != nullptr) cursor = read_varint(cursor, body + size, &offset_delta);
    if (cursor == nullptr) return false;
    if (offset_delta >= offset - batch->base_offset) break;
    batch->records = body + size;
    batch->size = static_cast<size_t>(end - batch->records);
    --batch->record_count;
  }
  return true;
}

}  // namespace tidemark
