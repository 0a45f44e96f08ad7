/*
 * Fetch responses that upstream keeps to itself. What the edits of fetch-response.mjs call.
 */
#ifndef RDKAFKA_RECORD_BATCH_RESPONSE_H
#define RDKAFKA_RECORD_BATCH_RESPONSE_H

#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"

/**
 * @brief A response told the error of a partition, or that it has none.
 *
 * @locality broker thread
 */
void rd_kafka_toppar_fetch_note_err(rd_kafka_toppar_t *rktp, rd_kafka_resp_err_t err);

/**
 * @returns what a response of \p size bytes is, which is none that may be received: too large, or
 * not one of Kafka's.
 */
static inline rd_kafka_resp_err_t rd_kafka_broker_response_size_err(const rd_kafka_broker_t *rkb,
                                                                    int32_t size) {
        return rkb->rkb_rk->rk_conf.consume_record_batches && size > 0
                   ? RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
                   : RD_KAFKA_RESP_ERR__BAD_MSG;
}

/**
 * @brief The response to \p request has come, and been read unless \p err says otherwise: then asks
 * for less, or tells.
 *
 * A response larger than receive.message.max.bytes, or one that does not parse, upstream asks for
 * again, in silence, for ever. Whose record batch it was is found out by asking for each partition
 * by itself; one that cannot be read then is an error.
 *
 * @locality broker thread
 */
void rd_kafka_broker_fetch_note_read(rd_kafka_broker_t *rkb, rd_kafka_resp_err_t err,
                                     rd_kafka_buf_t *request);

#endif /* RDKAFKA_RECORD_BATCH_RESPONSE_H */
