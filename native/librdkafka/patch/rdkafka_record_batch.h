/*
 * Record batches instead of messages, for librdkafka consumers with
 * `consume.record.batches=true`. Part of tidemark's patch of librdkafka.
 *
 * Such a consumer gets v2 record batches as the producer wrote them and the broker stores them,
 * checked, but not decoded; and decompressed, unless that takes more memory than there is for it
 * (`inflated_max_bytes` in rdkafka_record_batch_settings.h). Every offset of the log is covered by
 * a record batch: control batches, batches of aborted transactions and batches that compaction
 * emptied come too, without records. Messages of the formats v0 and v1 come as ordinary messages.
 */
#ifndef RDKAFKA_RECORD_BATCH_H
#define RDKAFKA_RECORD_BATCH_H

#include "rdkafka.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a record batch is to the reader; the values of `kind`. */
#define RD_KAFKA_RECORD_BATCH_RECORDS 1 /* data; may be empty after compaction */
#define RD_KAFKA_RECORD_BATCH_CONTROL 2 /* transaction markers, no records */
#define RD_KAFKA_RECORD_BATCH_ABORTED 3 /* read_committed: aborted, no records */

typedef struct rd_kafka_record_batch_s {
        int64_t base_offset;
        int64_t last_offset;    /* of the batch, not of its last record */
        int64_t base_timestamp; /* origin of the records' deltas, not a statement about time */
        int64_t max_timestamp;
        int32_t record_count; /* as the header claims */
        int32_t leader_epoch;
        int16_t attributes; /* as on the wire, the codec included */
        int8_t kind;
        int8_t is_compressed; /* `records` is, by the codec in the attributes */
        const void *records;  /* the records section, or NULL; the message owns it */
        size_t size;          /* bytes of `records` */
} rd_kafka_record_batch_t;

/**
 * @returns 1 if \p msg carries record batches, 0 if it is an ordinary message or an error.
 */
RD_EXPORT
int rd_kafka_message_is_record_batch(const rd_kafka_message_t *msg);

/**
 * @brief Iterates over the record batches of one message, in offset order.
 *
 * @param cursor must be 0 at the start and be left alone between the calls.
 *
 * @returns 1 and fills \p batch, or 0 at the end (at once for ordinary messages and errors).
 *          `batch->records` is valid until the message is destroyed.
 */
RD_EXPORT
int rd_kafka_message_next_record_batch(const rd_kafka_message_t *msg, size_t *cursor,
                                       rd_kafka_record_batch_t *batch);

/**
 * @returns the bytes that \p msg costs until it is destroyed, as the queue accounts them:
 *          payload, or the fetch response that holds it, and a fixed part for the op; 0 if it
 *          carries no record batches.
 */
RD_EXPORT
size_t rd_kafka_message_record_batch_bytes(const rd_kafka_message_t *msg);

/**
 * @brief Destroys a message of any kind. One with record batches is to be destroyed by this: what
 *        it held is room for the next fetch.
 *
 * @locks none of librdkafka's: not from a callback
 */
RD_EXPORT
void rd_kafka_record_batch_message_destroy(rd_kafka_message_t *msg);

/**
 * @brief A message is done with, but for somebody who has a limit of its own for what it holds, and
 *        destroys it in the end: it takes no room of the next fetch any more.
 *
 * @locks as above
 */
RD_EXPORT
void rd_kafka_record_batch_message_leave(rd_kafka_message_t *msg);

#ifdef __cplusplus
}
#endif
#endif /* RDKAFKA_RECORD_BATCH_H */
