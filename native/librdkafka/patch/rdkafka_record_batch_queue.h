/*
 * Full queues: a partition whose queue is full is fetched again as soon as the consumer has made
 * room. What the edits of fetch-resume.mjs call, with rdkafka_record_batch_fetch.h.
 *
 * Upstream looks again when fetch.queue.backoff.ms have passed: a partition that had been drained
 * long before was waited for, 2 ms of every 3 with one partition; and the wait costs CPU where the
 * queue stays full. While a fetch is on its way nobody needs to be woken: the next one follows it.
 * With 1,000 partitions to look at, a wake-up for each cost a quarter of the speed.
 *
 * So no fetch may be kept long by the broker while a full partition is left out of it. One that
 * finds nothing new in the others was kept for fetch.wait.max.ms, and what had drained in the
 * meantime waited as long: in live 250 ms for every few MB of a backlog, and in the replay of one
 * partition after another, where all the others are full or at their ends, 10 ms for every fetch.
 * While a partition is left out, others that are at their ends alone are asked every 10 ms, and
 * answered at once. If nobody has drained anything since, they are asked as seldom as they would be
 * otherwise: a drained queue wakes the thread between two fetches.
 */
#ifndef RDKAFKA_RECORD_BATCH_QUEUE_H
#define RDKAFKA_RECORD_BATCH_QUEUE_H

#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"
#include "rdkafka_record_batch_fetch.h"
#include "rdkafka_record_batch_held.h"

/**
 * @brief The broker's partitions are about to be looked at: which of them does the next fetch ask
 *        for?
 *
 * @locality broker thread
 */
static inline void rd_kafka_broker_fetch_note_none(rd_kafka_broker_t *rkb) {
        rkb->rkb_fetch_leaves_out    = rd_false;
        rkb->rkb_fetch_more_cnt      = 0;
        rkb->rkb_fetch_may_have_more = rd_false;
        rd_kafka_broker_fetch_note_held(rkb);
}

/**
 * @brief The next fetch does not ask for the partition, since its queue is full.
 *
 * @returns when it is looked at again, unless it is drained before.
 *
 * @locality broker thread
 * @locks    toppar_lock
 */
static inline rd_ts_t rd_kafka_toppar_fetch_note_full(rd_kafka_toppar_t *rktp,
                                                      rd_kafka_broker_t *rkb) {
        rktp->rktp_fetch_queue_full = rd_true;
        rkb->rkb_fetch_leaves_out   = rd_true;
        return rd_clock() + rkb->rkb_rk->rk_conf.fetch_queue_backoff_ms * 1000;
}

/**
 * @returns when the next fetch may be sent: at \p ts, or later where it asks for nothing but
 * partitions that are at their ends, and leaves one out whose queue is full.
 *
 * @locality broker thread
 */
static inline rd_ts_t rd_kafka_broker_fetch_pause_until(rd_kafka_broker_t *rkb, rd_ts_t ts,
                                                        rd_ts_t now) {
        if (ts >= now || !rkb->rkb_fetch_leaves_out || rkb->rkb_fetch_more_cnt)
                return ts;
        return rkb->rkb_ts_fetch + rd_kafka_broker_fetch_pause_ms(rkb) * 1000;
}

/** @locality broker thread */
static inline void rd_kafka_broker_fetch_note_sent(rd_kafka_broker_t *rkb, rd_ts_t now) {
        rkb->rkb_ts_fetch = now;
        __atomic_store_n(&rkb->rkb_fetch_resumed, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&rkb->rkb_fetching, 1, __ATOMIC_RELAXED);
}

/**
 * @brief The last partition of the response was looked at; upstream says so of the first.
 *
 * @locality broker thread
 */
static inline void rd_kafka_broker_fetch_note_done(rd_kafka_broker_t *rkb) {
        __atomic_store_n(&rkb->rkb_fetching, 0, __ATOMIC_RELAXED);
}

#endif /* RDKAFKA_RECORD_BATCH_QUEUE_H */
