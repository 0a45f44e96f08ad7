/*
 * What may change of a consumer with `consume.record.batches=true` while it runs. Part of
 * tidemark's patch of librdkafka. All of it may be called from any thread.
 */
#ifndef RDKAFKA_RECORD_BATCH_SETTINGS_H
#define RDKAFKA_RECORD_BATCH_SETTINGS_H

#include "rdkafka.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How much may be fetched ahead. */
typedef struct rd_kafka_record_batch_fetch_limits_s {
        int64_t queued_max_bytes;    /* `queued.max.messages.kbytes`, here in bytes */
        int queued_min_messages;     /* `queued.min.messages` */
        int fetch_message_max_bytes; /* `fetch.message.max.bytes` */
        int fetch_max_bytes;         /* `fetch.max.bytes` */
        /* What the responses of all brokers may bring together, if each fetches at once; but each
         * brings one record batch, however large. 0: no more than the other limits say. */
        int64_t responses_max_bytes;
        /* What a partition that is fetched alone may bring at once, for others are full or at their
         * ends: half of it where two are fetched, and so on. Its queue may have twice as much.
         * 0: no more than the other limits say. */
        int fetch_alone_bytes;
        /* How many bytes of a partition may lie in its queue before further compressed record
         * batches are handed over as they are, as is one that would become larger than what is left
         * of it. 0: all are decompressed. */
        int64_t inflated_max_bytes;
        /* How many bytes of all partitions may be held, in the queues and by the application. Where
         * it is reached, partitions are fetched of which nothing is held. 0: no limit but those of
         * the queues. */
        int64_t held_max_bytes;
} rd_kafka_record_batch_fetch_limits_t;

/**
 * @brief Sets how much may be fetched ahead. It follows from the number of partitions, which only a
 *        connected client knows, and which may grow. It counts from the next fetch request on;
 *        `fetch_message_max_bytes` for partitions that are not known yet, so the first call comes
 *        before any topic handle is made.
 */
RD_EXPORT
void rd_kafka_record_batch_set_fetch_limits(rd_kafka_t *rk,
                                            const rd_kafka_record_batch_fetch_limits_t *limits);

/**
 * How often partitions that are at their ends are asked for while another one's queue is full, and
 * how long, at most, a broker keeps a fetch meanwhile: what drains would wait for its answer.
 */
#define RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS 10

/**
 * @brief Sets how long, at most, a broker keeps a fetch of partitions that are all known to be at
 *        their ends. It counts from the next fetch request on. Any other fetch may be kept for
 *        `fetch.wait.max.ms`, which is also the most that this one is.
 *
 * @param ms 1 or more; 0, as it is in the beginning: `fetch.wait.max.ms`.
 */
RD_EXPORT
void rd_kafka_record_batch_set_fetch_wait_at_ends_ms(rd_kafka_t *rk, int ms);

/**
 * @brief Sets `enable.partition.eof`. An event that is on its way already still comes.
 */
RD_EXPORT
void rd_kafka_record_batch_set_partition_eof(rd_kafka_t *rk, int enabled);

#ifdef __cplusplus
}
#endif
#endif /* RDKAFKA_RECORD_BATCH_SETTINGS_H */
