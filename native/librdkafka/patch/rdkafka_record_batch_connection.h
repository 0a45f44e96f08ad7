/*
 * What a lost connection is taken for. What the edits of connection.mjs call, with
 * rdkafka_record_batch_fetch.h.
 */
#ifndef RDKAFKA_RECORD_BATCH_CONNECTION_H
#define RDKAFKA_RECORD_BATCH_CONNECTION_H

#include "rdkafka_int.h"
#include "rdkafka_broker.h"

/**
 * @returns whether \p err is to be told each time. Upstream tells of the same error once in 30
 * seconds: too seldom to know whether a broker refuses for good.
 */
static inline rd_bool_t rd_kafka_broker_is_refusal(const rd_kafka_broker_t *rkb,
                                                   rd_kafka_resp_err_t err) {
        return rkb->rkb_rk->rk_conf.consume_record_batches &&
               (err == RD_KAFKA_RESP_ERR__AUTHENTICATION || err == RD_KAFKA_RESP_ERR__SSL);
}

/**
 * @returns what a SASL handshake that failed with \p err is. A connection that is cut while the
 * mechanism is agreed on is no refusal.
 */
static inline rd_kafka_resp_err_t rd_kafka_broker_handshake_err(rd_kafka_resp_err_t err) {
        return err == RD_KAFKA_RESP_ERR__TRANSPORT || err == RD_KAFKA_RESP_ERR__TIMED_OUT
                   ? err
                   : RD_KAFKA_RESP_ERR__AUTHENTICATION;
}

/**
 * @brief A connection broke while a response was received. Tells what that is, and explains it in
 *        \p errstr where a TLS alert says more than upstream does.
 *
 * A broker that wants TLS answers plain text with an alert, which is shorter than any response, and
 * hangs up: upstream says no more than that. One that wants a client's certificate says so, in TLS
 * 1.3, behind a handshake that has succeeded: upstream takes it for a connection that broke.
 *
 * @param received the response, as far as it has come
 * @param errstr   what upstream says of it
 *
 * @locality broker thread
 */
rd_kafka_resp_err_t rd_kafka_broker_receive_err(const rd_kafka_broker_t *rkb,
                                                const rd_kafka_buf_t *received, char *errstr,
                                                size_t errstr_size);

#endif /* RDKAFKA_RECORD_BATCH_CONNECTION_H */
