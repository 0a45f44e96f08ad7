// RecordBatchDecoder: walks the records section of one v2 record batch in place.
//
// Its bytes are hostile: every varint, length and count is checked against the batch's end, and
// nothing outside [records, records + size) is ever read.
// Format: Kafka protocol guide, "Record Batch", magic 2.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kafka/record.h"
#include "kafka/record_batch.h"

namespace tidemark {

class RecordBatchDecoder {
 public:
  // Starts on `batch`; its bytes must stay valid until the last decoded record has been used.
  // Returns nullptr, or what is wrong with the header as a static text.
  const char* open(const RecordBatch& batch);

  // Decodes up to `capacity` records into `out` (merge_key is left alone), sets `*count`.
  // Returns nullptr, or what is wrong as a static text; then `*count` records before the fault are
  // good and next_offset() is the offset from which nothing could be read. The call that decodes
  // the last record also checks that no byte is left over.
  const char* decode(Record* out, size_t capacity, size_t* count);

  // Records of the batch not decoded yet.
  int32_t remaining() const;

  // One past the last decoded record; base_offset at first.
  int64_t next_offset() const;
};

}  // namespace tidemark
