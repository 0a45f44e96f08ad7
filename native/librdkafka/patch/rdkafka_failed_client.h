/*
 * What is left of a client that could not be made. What the edit of failed-client.mjs calls.
 */
#ifndef RDKAFKA_FAILED_CLIENT_H
#define RDKAFKA_FAILED_CLIENT_H

#include "rdkafka_int.h"

/**
 * @brief Frees what interceptors have added to the client: the lists that only a client has. Those
 *        of a configuration are its owner's to free.
 *
 * Upstream forgets them with the rest of the configuration, which is the application's.
 */
void rd_kafka_failed_client_free_interceptors(rd_kafka_t *rk);

#endif /* RDKAFKA_FAILED_CLIENT_H */
