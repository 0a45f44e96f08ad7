/*
 * When a broker is asked for record batches, and how long it may keep the request. What the edits
 * of fetch-wait.mjs, fetch-resume.mjs and connection.mjs call.
 */
#ifndef RDKAFKA_RECORD_BATCH_FETCH_H
#define RDKAFKA_RECORD_BATCH_FETCH_H

#include "rdkafka_int.h"
#include "rdkafka_record_batch_settings.h"

/**
 * @brief A response told the end of the partition, or that it has an error.
 *
 * @param err        of the partition
 * @param end_offset the last stable offset with read_committed, else the high watermark
 * @param is_empty   the response has no record batches of the partition
 *
 * @locality broker thread
 */
void rd_kafka_toppar_fetch_note_end(rd_kafka_toppar_t *rktp, int16_t err, int64_t end_offset,
                                    rd_bool_t is_empty);

/**
 * @brief The partition is one of those that the next fetch asks for.
 *
 * @locality broker thread
 */
void rd_kafka_toppar_fetch_note_asked(const rd_kafka_toppar_t *rktp, rd_kafka_broker_t *rkb);

/**
 * @returns how long the broker may keep the next fetch.
 *
 * @locality broker thread
 */
int rd_kafka_broker_fetch_wait_ms(const rd_kafka_broker_t *rkb);

/**
 * @returns how long no fetch is sent to partitions that are at their ends, while another one's
 * queue is full.
 *
 * @locality broker thread
 */
int rd_kafka_broker_fetch_pause_ms(rd_kafka_broker_t *rkb);

/**
 * @brief The application has taken ops: wakes the broker's thread if that made room in a full
 * queue.
 *
 * @locality any thread
 */
void rd_kafka_toppar_fetch_resume(rd_kafka_toppar_t *rktp);

/**
 * @brief A response told that the broker reads no request for \p ms from now on.
 *
 * @locality any thread
 */
void rd_kafka_broker_note_throttle(rd_kafka_broker_t *rkb, int ms);

/**
 * @returns when the broker reads requests again, or did; 0: it does not throttle.
 *
 * @locality any thread
 */
rd_ts_t rd_kafka_broker_throttled_until(rd_kafka_broker_t *rkb);

/**
 * @brief The response to \p request has come: what was sent behind it is answered from now on.
 *
 * @locality broker thread
 */
void rd_kafka_broker_note_answer(rd_kafka_broker_t *rkb, const rd_kafka_buf_t *request);

/**
 * @returns whether all requests that are under way may be answered yet, although they are past
 * their timeouts.
 *
 * @locality broker thread
 */
rd_bool_t rd_kafka_broker_may_answer(rd_kafka_broker_t *rkb, rd_ts_t now);

#endif /* RDKAFKA_RECORD_BATCH_FETCH_H */
