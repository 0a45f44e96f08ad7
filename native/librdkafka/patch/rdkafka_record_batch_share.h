/*
 * What each partition gets of a fetch response. What the edits of fetch-share.mjs call.
 */
#ifndef RDKAFKA_RECORD_BATCH_SHARE_H
#define RDKAFKA_RECORD_BATCH_SHARE_H

#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"
#include "rdkafka_record_batch_held.h"

/* A partition that is fetched alone, or nearly so, comes in larger pieces, and is read further
 * ahead: each fetch waits for the one before, half of the time for the broker. With 2 MiB instead
 * of 1 one partition is read a seventh faster; more gains nothing, and takes memory. */

/**
 * @returns how many bytes may lie in the partition's queue, 0 while too much is held. The others,
 * which are full, stay so until they are drained below their own limit.
 *
 * @locality broker thread
 */
static inline int64_t rd_kafka_toppar_queue_size(const rd_kafka_broker_t *rkb,
                                                 rd_kafka_toppar_t *rktp) {
        const int64_t size =
            __atomic_load_n(&rkb->rkb_rk->rk_conf.queued_max_msg_bytes, __ATOMIC_RELAXED);

        if (rd_kafka_toppar_waits_for_room(rkb, rktp))
                return 0;
        if (!rktp->rktp_fetch)
                return size;
        return RD_MAX(size, 2 * (int64_t)rkb->rkb_fetch_least);
}

/**
 * @returns how many bytes a response may bring: not more than may be held. Each broker has its part
 * of what all of them may bring: with three of them, the responses of 1,000 partitions were 150 MB.
 *
 * @locality broker thread
 */
static inline int rd_kafka_broker_fetch_max_bytes(const rd_kafka_broker_t *rkb) {
        rd_kafka_t *rk    = rkb->rkb_rk;
        const int64_t max = RD_MIN(__atomic_load_n(&rk->rk_conf.fetch_max_bytes, __ATOMIC_RELAXED),
                                   rkb->rkb_fetch_room);
        const int64_t all = __atomic_load_n(&rk->rk_conf.responses_max_bytes, __ATOMIC_RELAXED);

        if (!all)
                return (int)max;
        return (int)RD_MAX(1, RD_MIN(max, all / RD_MAX(1, rd_atomic32_get(&rk->rk_leader_cnt))));
}

/**
 * @brief The broker has one partition more, or one less.
 *
 * @locality broker thread
 */
static inline void rd_kafka_broker_note_partitions(rd_kafka_broker_t *rkb, int change) {
        /* The internal one has those without leader. */
        if (rkb->rkb_source == RD_KAFKA_INTERNAL)
                return;
        if (rkb->rkb_toppar_cnt == (change > 0 ? 1 : 0))
                rd_atomic32_add(&rkb->rkb_rk->rk_leader_cnt, change);
}

/**
 * @returns how many bytes of the partition a response may bring.
 *
 * The first fetch of a partition is half as large as others: the first record in order is known
 * once each partition has given one. And a share has room for a record batch: brokers leave one out
 * that is larger, unless it is the first of the response. 256 partitions with batches of 250 KB
 * were read at a third of the speed, since a response brought one batch of one of them. What a
 * partition's batches need is known from those that came, not from none coming: that may be a
 * quota, or a limit of the broker's own.
 *
 * @locality broker thread
 */
static inline int rd_kafka_toppar_fetch_size(const rd_kafka_broker_t *rkb,
                                             const rd_kafka_toppar_t *rktp) {
        const int max = rd_kafka_broker_fetch_max_bytes(rkb);
        int size      = rktp->rktp_fetch_msg_max_bytes;
        int batch     = rktp->rktp_batch_bytes;

        if (!rkb->rkb_rk->rk_conf.consume_record_batches)
                return size;
        if (batch) {
                if (!rktp->rktp_fetch_at_end)
                        size = RD_MAX(size, rkb->rkb_fetch_least);
        } else {
                size  = RD_MAX(size / 2, 1);
                batch = __atomic_load_n(&rktp->rktp_rkt->rkt_batch_bytes, __ATOMIC_RELAXED);
        }
        /* The next one may be larger by a quarter. */
        return RD_MAX(size, (int)RD_MIN(batch + (int64_t)batch / 4, max));
}

/**
 * @brief The next fetch is about to ask for its first partition.
 *
 * @locality broker thread
 */
void rd_kafka_broker_fetch_begin(rd_kafka_broker_t *rkb);

/**
 * @returns the partition that the next fetch begins with, unless its response says otherwise: the
 * one behind the last that was asked for.
 *
 * Upstream goes one further with each fetch, and passed over every second one of those that were
 * asked for by themselves.
 *
 * @param next in the ring, behind the last that was asked for
 *
 * @locality broker thread
 */
static inline rd_kafka_toppar_t *rd_kafka_broker_fetch_next(rd_kafka_broker_t *rkb,
                                                            rd_kafka_toppar_t *next) {
        return rkb->rkb_rk->rk_conf.consume_record_batches
                   ? next
                   : CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, next, rktp_activelink);
}

/**
 * @brief The response has record batches of the partition.
 *
 * The next fetch begins with the first partition that this one left out, else behind the last that
 * it brought something of. Upstream begins one partition further on than the last time, so that of
 * a response that had room for four of eight three were the same four again; of 1,000 partitions
 * the merge waited for three responses instead of two.
 *
 * @param reader is at the first record batch
 *
 * @locality broker thread
 */
void rd_kafka_toppar_fetch_served(rd_kafka_broker_t *rkb, rd_kafka_toppar_t *rktp,
                                  const rd_slice_t *reader);

/**
 * @brief The response has no record batches of the partition.
 *
 * One that got nothing as the first has not been left out for want of room, and does not come first
 * again.
 *
 * @param end_offset of its log
 *
 * @locality broker thread
 */
void rd_kafka_toppar_fetch_not_served(rd_kafka_broker_t *rkb, rd_kafka_toppar_t *rktp,
                                      int64_t end_offset);

#endif /* RDKAFKA_RECORD_BATCH_SHARE_H */
