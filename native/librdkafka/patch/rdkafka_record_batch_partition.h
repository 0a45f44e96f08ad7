/*
 * A partition that a consumer with `consume.record.batches=true` fetches by the simple consumer's
 * interface (rd_kafka_consume_start_queue() and its like). Part of tidemark's patch of librdkafka.
 */
#ifndef RDKAFKA_RECORD_BATCH_PARTITION_H
#define RDKAFKA_RECORD_BATCH_PARTITION_H

#include "rdkafka.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Does as rd_kafka_consume_start(), where it is known where the log ends.
 *
 * @param end_offset the last stable offset with read_committed, else the high watermark
 */
RD_EXPORT
int rd_kafka_record_batch_start(rd_kafka_topic_t *topic, int32_t partition, int64_t offset,
                                int64_t end_offset);

/**
 * @brief Has what was started at \p offset asked of its leader first: whether the log still has
 * what \p leader_epoch, or an earlier one, had before it. If not, RD_KAFKA_RESP_ERR__LOG_TRUNCATION
 * is handed out. At offset 0 there is nothing to ask.
 */
RD_EXPORT
void rd_kafka_record_batch_validate(rd_kafka_topic_t *topic, int32_t partition, int64_t offset,
                                    int32_t leader_epoch);

/**
 * @brief Ends the fetching of a partition that rd_kafka_consume_start() began, and does not wait
 * for it, unlike rd_kafka_consume_stop(). What is in its queue is not handed out any more.
 */
RD_EXPORT
void rd_kafka_record_batch_stop(rd_kafka_topic_t *topic, int32_t partition);

/** What is known of a partition that is being fetched. */
typedef struct rd_kafka_record_batch_progress_s {
        /* What the last fetch response said: the last stable offset with read_committed, else the
         * high watermark; negative before the first response, or where it was an error. */
        int64_t end_offset;
        int32_t broker_id; /* that it is fetched from; -1 while there is none */
        /* Of the last fetch response, also one that is not handed out since asking again is all
         * that can be done. */
        rd_kafka_resp_err_t err;
        /* For so long that broker reads no request yet, as it has told; 0: it does. */
        int64_t throttled_ms;
} rd_kafka_record_batch_progress_t;

/** @returns 0, or -1 when there is no such partition: then \p progress is left alone. */
RD_EXPORT
int rd_kafka_record_batch_get_progress(rd_kafka_t *rk, const char *topic, int32_t partition,
                                       rd_kafka_record_batch_progress_t *progress);

#ifdef __cplusplus
}
#endif
#endif /* RDKAFKA_RECORD_BATCH_PARTITION_H */
