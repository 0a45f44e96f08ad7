/*
 * What the consumer holds: its ops from when they are made until they are destroyed, in a queue or
 * with the application.
 *
 * A queue's limit ends where the application takes an op: 256 partitions with record batches of 1
 * MB held one each in the application and one each in their queues, 512 MB with a budget of 256.
 * So the client has a limit for both together. Where it is reached, a partition is fetched only
 * once nothing of it is held: then the application may wait for it, whatever it has of others.
 */
#ifndef RDKAFKA_RECORD_BATCH_HELD_H
#define RDKAFKA_RECORD_BATCH_HELD_H

#include "rdkafka_int.h"
#include "rdkafka_partition.h"

/**
 * @returns whether the partition waits until less is held.
 *
 * @locality broker thread
 */
rd_bool_t rd_kafka_toppar_waits_for_room(rd_kafka_toppar_t *rktp);

#endif /* RDKAFKA_RECORD_BATCH_HELD_H */
