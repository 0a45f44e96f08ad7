// FetchedOp: one op taken from a partition's queue: one or several record batches, an
// end-of-partition event, or an error.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_record_batch.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>

#include "log/batch_owner.h"
#include "log/record_batch.h"

namespace tidemark {

class FetchedOp {
 public:
  FetchedOp() : message_(nullptr, rd_kafka_record_batch_message_destroy) {}
  explicit FetchedOp(rd_kafka_message_t* message)
      : message_(message, rd_kafka_record_batch_message_destroy) {}

  // A broker may send any number as an error code; one that no enumerator has must not be read as
  // one.
  rd_kafka_resp_err_t error() const {
    std::underlying_type_t<rd_kafka_resp_err_t> code;
    std::memcpy(&code, &message_->err, sizeof(code));
    return code < RD_KAFKA_RESP_ERR_END_ALL ? static_cast<rd_kafka_resp_err_t>(code)
                                            : RD_KAFKA_RESP_ERR__FAIL;
  }
  const char* error_text() const { return rd_kafka_message_errstr(message_.get()); }
  int64_t offset() const { return message_->offset; }
  // False for a record in the old formats v0 and v1, which librdkafka hands over one by one.
  bool has_record_batches() const { return rd_kafka_message_is_record_batch(message_.get()) != 0; }
  // What the op costs in memory.
  size_t bytes() const { return rd_kafka_message_record_batch_bytes(message_.get()); }

  // Iterates over the record batches; small ones of one fetch response share an op.
  bool next(RecordBatch* batch) {
    rd_kafka_record_batch_t raw;
    if (!rd_kafka_message_next_record_batch(message_.get(), &cursor_, &raw)) return false;
    batch->base_offset = raw.base_offset;
    batch->last_offset = raw.last_offset;
    batch->base_timestamp = raw.base_timestamp;
    batch->max_timestamp = raw.max_timestamp;
    batch->record_count = raw.record_count;
    batch->leader_epoch = raw.leader_epoch;
    batch->attributes = raw.attributes;
    batch->kind = raw.kind == RD_KAFKA_RECORD_BATCH_CONTROL   ? RecordBatchKind::kControl
                  : raw.kind == RD_KAFKA_RECORD_BATCH_ABORTED ? RecordBatchKind::kAborted
                                                              : RecordBatchKind::kRecords;
    batch->is_compressed = raw.is_compressed != 0;
    batch->records = static_cast<const uint8_t*>(raw.records);
    batch->size = raw.size;
    return true;
  }

  // Hands the memory that the record batches point into to whoever reads them.
  BatchOwner release() {
    const auto destroy = [](void* message) {
      rd_kafka_record_batch_message_destroy(static_cast<rd_kafka_message_t*>(message));
    };
    const auto leave = [](void* message) {
      rd_kafka_record_batch_message_leave(static_cast<rd_kafka_message_t*>(message));
    };
    return BatchOwner(message_.release(), LetGo(destroy, leave));
  }

 private:
  std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_record_batch_message_destroy)> message_;
  size_t cursor_ = 0;
};

}  // namespace tidemark
