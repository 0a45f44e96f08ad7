/*
 * How an op holds record batches. Included by rdkafka_msg.h.
 */
#ifndef RDKAFKA_RECORD_BATCH_FRAME_H
#define RDKAFKA_RECORD_BATCH_FRAME_H

#include <stdint.h>

/* `kind` of a message whose payload is the records section of its one record batch is that of
 * rdkafka_record_batch.h; an ordinary message has 0. */
typedef struct rd_kafka_record_batch_frame_s {
        int64_t base_offset;
        int64_t last_offset;
        int64_t base_timestamp;
        int64_t max_timestamp;
        int32_t record_count;
        int32_t leader_epoch;
        int16_t attributes;
        int16_t kind;
        int32_t size; /* bytes of the records section */
} rd_kafka_record_batch_frame_t;

/* What an op costs beside its payload: rd_kafka_op_t (about 350 bytes) and malloc's own. The queue
 * must account it, else a queue of tiny batches is many times larger than its limit. */
#define RD_KAFKA_RECORD_BATCH_OP_BYTES 400

#endif /* RDKAFKA_RECORD_BATCH_FRAME_H */
