/*
 * What the consumer holds: its ops from when they are made until they are destroyed, in a queue or
 * with the application.
 *
 * A queue's limit ends where the application takes an op: 256 partitions with record batches of 1
 * MB held one each in the application and one each in their queues, 512 MB with a budget of 256.
 * So the client has a limit for both together. Where it is reached, a partition is fetched only
 * once nothing of it is held: then the application may wait for it, whatever it has of others.
 *
 * Brokers are woken by the application, as it lets go of messages. What librdkafka itself destroys,
 * as when a partition is stopped, is noticed after fetch.queue.backoff.ms.
 */
#ifndef RDKAFKA_RECORD_BATCH_HELD_H
#define RDKAFKA_RECORD_BATCH_HELD_H

#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"

/**
 * @brief The broker's partitions are about to be looked at: is too much held?
 *
 * @locality broker thread
 */
void rd_kafka_broker_fetch_note_held(rd_kafka_broker_t *rkb);

/**
 * @returns whether the partition waits until less is held.
 *
 * @locality broker thread
 */
static inline rd_bool_t rd_kafka_toppar_waits_for_room(const rd_kafka_broker_t *rkb,
                                                       rd_kafka_toppar_t *rktp) {
        return rkb->rkb_fetch_is_held && rd_atomic32_get(&rktp->rktp_held_ops) > 0;
}

/**
 * @returns whether the partition would wait if its broker looked now. Then
 *          rd_kafka_toppar_made_room() has it look when it does not wait any more.
 *
 * @locality any
 */
rd_bool_t rd_kafka_toppar_has_to_wait(rd_kafka_toppar_t *rktp);

/**
 * @brief The application has let go of an op of the partition: who waited for that looks again.
 *
 * @locality application
 * @locks    none
 */
void rd_kafka_toppar_made_room(rd_kafka_toppar_t *rktp);

#endif /* RDKAFKA_RECORD_BATCH_HELD_H */
