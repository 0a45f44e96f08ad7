/*
 * Moves the leader of a partition, for the client alone and at once, by librdkafka's own functions,
 * which no public header has: in metadata it would arrive at some time, beside other threads.
 */
#pragma once

#include <librdkafka/rdkafka.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * To each of `count` brokers, one after the other, before the thread of the broker that the
 * partition is fetched from can see any of it. The client knows the brokers and the partition.
 */
void move_leader(rd_kafka_t* rk, const char* topic, int32_t partition, const int32_t* brokers,
                 size_t count);

/* The id of the broker whose thread has the partition now; -1: it is on its way. */
int32_t broker_of(rd_kafka_t* rk, const char* topic, int32_t partition);

#ifdef __cplusplus
}
#endif
