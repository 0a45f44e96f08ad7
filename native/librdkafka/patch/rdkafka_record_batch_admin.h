/*
 * Which broker is asked for what only a controller is asked for upstream. What the edits of
 * admin.mjs call.
 */
#ifndef RDKAFKA_RECORD_BATCH_ADMIN_H
#define RDKAFKA_RECORD_BATCH_ADMIN_H

#include "rdkafka_int.h"

/**
 * @returns a broker that is connected, or NULL.
 *
 * Any broker answers what a consumer asks for: descriptions of topics and of their configuration.
 * Upstream asks the controller alone, however long it refuses or is silent; and a cluster may have
 * no controller at all for a while. Those of bootstrap.servers are left out: their connections are
 * given up as soon as their ids are known.
 *
 * @locks    rd_kafka_rdlock(rk)
 * @locality any thread
 */
rd_kafka_broker_t *rd_kafka_broker_any_for_admin(rd_kafka_t *rk);

/**
 * @returns whether the controller is to be connected to: where no broker is connected, once; any
 * other only 50 ms after the last attempt.
 *
 * @locks    rd_kafka_rdlock(rk)
 * @locality any thread
 */
rd_bool_t rd_kafka_controller_is_wanted(rd_kafka_t *rk);

/**
 * The broker has said that it does not coordinate a group.
 *
 * Upstream tells its own group, also where a client has none and asks for what another group has
 * committed: it crashed. Such a client asks who does, since what it knows of this broker is
 * forgotten.
 *
 * @locality rdkafka main thread
 */
void rd_kafka_forget_coordinator(rd_kafka_broker_t *rkb, rd_kafka_resp_err_t err);

#endif /* RDKAFKA_RECORD_BATCH_ADMIN_H */
