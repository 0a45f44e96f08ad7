/*
 * How an op holds record batches. Included by rdkafka_msg.h.
 */
#ifndef RDKAFKA_RECORD_BATCH_FRAME_H
#define RDKAFKA_RECORD_BATCH_FRAME_H

#include <stddef.h>
#include <stdint.h>

/* A message has one of these. By its `kind` the message is
 *   0                             an ordinary one,
 *   one of rdkafka_record_batch.h one record batch; the payload is its records section,
 *   RD_KAFKA_RECORD_BATCH_FRAMES  several; the payload is frames, each followed by its records
 *                                 section and padded to 8 bytes. */
#define RD_KAFKA_RECORD_BATCH_FRAMES (-1)

typedef struct rd_kafka_record_batch_frame_s {
        int64_t base_offset;
        int64_t last_offset;
        int64_t base_timestamp;
        int64_t max_timestamp;
        int32_t record_count;
        int32_t leader_epoch;
        int16_t attributes;
        int8_t kind;
        int8_t is_compressed; /* the records section is */
        int32_t size;         /* bytes of the records section */
} rd_kafka_record_batch_frame_t;

/* Bytes of a frame in a payload of frames, records and padding included. */
static inline size_t rd_kafka_record_batch_frame_bytes(const rd_kafka_record_batch_frame_t *frame) {
        return sizeof(*frame) + (((size_t)frame->size + 7) & ~(size_t)7);
}

/* What an op costs beside its payload: rd_kafka_op_t (about 350 bytes) and malloc's own. The queue
 * must account it, else a queue of tiny batches is many times larger than its limit. */
#define RD_KAFKA_RECORD_BATCH_OP_BYTES 400

#endif /* RDKAFKA_RECORD_BATCH_FRAME_H */
