/*
 * Record batches instead of messages, for librdkafka consumers with
 * `consume.record.batches=true`. Part of tidemark's patch of librdkafka.
 *
 * Such a consumer gets v2 record batches as the producer wrote them and the broker stores them,
 * checked and decompressed, but not decoded. Every offset of the log is covered by a record batch:
 * control batches, batches of aborted transactions and batches that compaction emptied come too,
 * without records. Messages of the formats v0 and v1 come as ordinary messages.
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
        int16_t kind;
        const void *records; /* the uncompressed records section, or NULL; the message owns it */
        size_t size;         /* bytes of `records` */
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
 *          payload and a fixed part for the op; 0 if it carries no record batches.
 */
RD_EXPORT
size_t rd_kafka_message_record_batch_bytes(const rd_kafka_message_t *msg);

/**
 * How often partitions that are at their ends are asked for while another one's queue is full, and
 * how long, at most, a broker keeps a fetch meanwhile: what drains would wait for its answer.
 */
#define RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS 10

/**
 * @brief Sets how long, at most, a broker keeps a fetch of partitions that are all known to be at
 *        their ends, from any thread. It counts from the next fetch request on. Any other fetch may
 *        be kept for `fetch.wait.max.ms`, which is also the most that this one is.
 *
 * @param ms 1 or more; 0, as it is in the beginning: `fetch.wait.max.ms`.
 */
RD_EXPORT
void rd_kafka_record_batch_set_fetch_wait_at_ends_ms(rd_kafka_t *rk, int ms);

/**
 * @brief Does as rd_kafka_consume_start(), where it is known where the log ends.
 *
 * @param end_offset the last stable offset with read_committed, else the high watermark
 */
RD_EXPORT
int rd_kafka_record_batch_start(rd_kafka_topic_t *topic, int32_t partition, int64_t offset,
                                int64_t end_offset);

/**
 * @brief Sets `enable.partition.eof` of a running consumer, from any thread. An event that is on
 * its way already still comes.
 */
RD_EXPORT
void rd_kafka_record_batch_set_partition_eof(rd_kafka_t *rk, int enabled);

/**
 * @brief Sets `queued.max.messages.kbytes` (here in bytes), `queued.min.messages`,
 *        `fetch.message.max.bytes` and `fetch.max.bytes`, from any thread: they follow from the
 *        number of partitions, which only a connected client knows, and which may grow. They
 *        count from the next fetch request on; `fetch.message.max.bytes` for partitions that are
 *        not known yet, so the first call comes before any topic handle is made.
 *
 * @param fetch_alone_bytes what a partition that is fetched alone may bring at once, for others are
 *        full or at their ends: half of it where two are fetched, and so on. Its queue may have
 *        twice as much. 0: no more than the other limits say.
 */
RD_EXPORT
void rd_kafka_record_batch_set_fetch_limits(rd_kafka_t *rk, int64_t queued_max_bytes,
                                            int queued_min_messages, int fetch_message_max_bytes,
                                            int fetch_max_bytes, int fetch_alone_bytes);

/**
 * @brief Tells what is known of a partition that is being fetched.
 *
 * @param end_offset what the last fetch response said: the last stable offset with read_committed,
 *        else the high watermark; negative before the first response, or where it was an error.
 * @param broker_id the broker that the partition is fetched from, -1 while there is none.
 * @param err of the last fetch response, also one that is not handed out since asking again is all
 *        that can be done.
 * @param throttled_ms for so long that broker reads no request yet, as it has told; 0: it does.
 *
 * @returns 0, or -1 when there is no such partition.
 */
RD_EXPORT
int rd_kafka_record_batch_get_progress(rd_kafka_t *rk, const char *topic, int32_t partition,
                                       int64_t *end_offset, int32_t *broker_id,
                                       rd_kafka_resp_err_t *err, int64_t *throttled_ms);

/**
 * @brief Ends the fetching of a partition that rd_kafka_consume_start() began, and does not wait
 * for it, unlike rd_kafka_consume_stop(). What is in its queue is not handed out any more.
 */
RD_EXPORT
void rd_kafka_record_batch_stop(rd_kafka_topic_t *topic, int32_t partition);

#ifdef __cplusplus
}
#endif
#endif /* RDKAFKA_RECORD_BATCH_H */
