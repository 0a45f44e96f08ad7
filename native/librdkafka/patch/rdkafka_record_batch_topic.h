/*
 * What becomes of a partition whose topic is deleted, forbidden, or created again, or whose log is
 * truncated. What the edits of topic.mjs call.
 */
#ifndef RDKAFKA_RECORD_BATCH_TOPIC_H
#define RDKAFKA_RECORD_BATCH_TOPIC_H

#include "rdkafka_int.h"
#include "rdkafka_partition.h"
#include "rdkafka_topic.h"

/**
 * @brief Enqueues an error where who reads the partition sees it. Upstream's takes the way of
 *        client errors, past whoever reads the partition: it stays silent for ever.
 *
 * @returns false, and does nothing, for an ordinary consumer.
 */
rd_bool_t rd_kafka_toppar_enq_record_batch_error(rd_kafka_toppar_t *rktp, rd_kafka_resp_err_t err,
                                                 const char *reason);

/**
 * @brief Metadata gave the topic another id, which has not been taken over yet: the same name,
 *        another topic. Upstream goes on at the old position. The error is enqueued before the new
 *        id can be fetched with, so no record of the new topic comes before it.
 *
 * @locks rd_kafka_topic_wrlock(rkt)
 */
void rd_kafka_topic_note_another_id(rd_kafka_topic_t *rkt, rd_kafka_Uuid_t id);

/**
 * @brief Enqueues a truncated log, after an unclean leader election, as what it is: upstream tells
 *        of it in words alone, with the code of an offset that retention removed.
 *
 * @returns false, and does nothing, if \p err is another error, or for an ordinary consumer.
 */
rd_bool_t rd_kafka_toppar_enq_truncation(rd_kafka_toppar_t *rktp, rd_kafka_resp_err_t err,
                                         int32_t broker_id, int64_t offset, const char *reason);

#endif /* RDKAFKA_RECORD_BATCH_TOPIC_H */
