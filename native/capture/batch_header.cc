#include "capture/batch_header.h"

namespace tidemark {

StoredHeader write_batch_header(const RecordBatch& batch) {
  constexpr int16_t kLogAppendTime = 1 << 3;
  const bool is_data = batch.kind == RecordBatchKind::kRecords;
  StoredBatch stored{};
  stored.base_offset = batch.base_offset;
  stored.leader_epoch = batch.leader_epoch;
  stored.magic = 2;
  stored.attributes = static_cast<int16_t>((batch.attributes & kLogAppendTime) |
                                           (batch.is_compressed ? batch.codec() : 0));
  stored.last_offset_delta = static_cast<int32_t>(batch.last_offset - batch.base_offset);
  stored.base_timestamp = batch.base_timestamp;
  stored.max_timestamp = batch.max_timestamp;
  stored.producer_id = -1;
  stored.producer_epoch = -1;
  stored.base_sequence = -1;
  stored.record_count = is_data ? batch.record_count : 0;
  return stored.seal(batch.records, is_data ? batch.size : 0);
}

}  // namespace tidemark
