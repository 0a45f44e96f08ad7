/*
 * Room: which record batches are decompressed in the broker's thread, and which are left as they
 * are. What rdkafka_record_batch_reader.h calls.
 *
 * A record batch is decompressed on arrival, whole, and waits in the queue: one fetch of less than
 * 1 MiB became 1.5 GB where data compresses well, with a budget of 8 MiB. So a partition has room
 * for as much as `inflated_max_bytes`, and what finds none is handed over as it was on the wire.
 *
 * That it finds none should be known beforehand. Most headers tell how much comes out. Where they
 * do not, and where one has lied, the partition's last record batches do. What was tried in vain
 * costs CPU, so it is not tried again soon: what is known of a partition is forgotten by a 64th
 * with each record batch that is left as it is, so that of 44 in a row one is tried, and its room
 * is filled for nothing.
 */
#ifndef RDKAFKA_RECORD_BATCH_ROOM_H
#define RDKAFKA_RECORD_BATCH_ROOM_H

#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"

/**
 * @returns how many bytes may be put into the queue before record batches are left compressed. What
 * is taken from it meanwhile counts from the next response on.
 *
 * @locality broker thread
 */
static inline int64_t rd_kafka_inflate_room(const rd_kafka_broker_t *rkb, rd_kafka_q_t *rkq) {
        const int64_t max =
            __atomic_load_n(&rkb->rkb_rk->rk_conf.inflated_max_bytes, __ATOMIC_RELAXED);

        return max ? max - (int64_t)rd_kafka_q_size(rkq) : INT64_MAX;
}

/**
 * @returns whether a compressed record batch is to be decompressed, into \p room bytes at most.
 *
 * @locality broker thread
 */
rd_bool_t rd_kafka_toppar_may_inflate(rd_kafka_toppar_t *rktp, const rd_kafka_broker_t *rkb,
                                      int codec, const void *compressed, size_t size, int64_t room);

/**
 * @brief \p size bytes were decompressed to \p inflated.
 *
 * @locality broker thread
 */
static inline void rd_kafka_toppar_note_inflated(rd_kafka_toppar_t *rktp, size_t size,
                                                 size_t inflated) {
        rktp->rktp_inflation = (double)inflated / (double)size;
        rktp->rktp_misfit    = 0;
}

/**
 * @brief \p size bytes decompress to more than \p room.
 *
 * Twice as much is a guess: one that has a little more room is not tried.
 *
 * @locality broker thread
 */
static inline void rd_kafka_toppar_note_misfit(rd_kafka_toppar_t *rktp, size_t size, size_t room) {
        rktp->rktp_misfit = 2 * (double)room / (double)size;
}

#endif /* RDKAFKA_RECORD_BATCH_ROOM_H */
