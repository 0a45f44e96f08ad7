/*
 * See rdkafka_record_batch_topic.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_topic.h"

rd_bool_t rd_kafka_toppar_enq_record_batch_error(rd_kafka_toppar_t *rktp, rd_kafka_resp_err_t err,
                                                 const char *reason) {
        if (!rktp->rktp_rkt->rkt_rk->rk_conf.consume_record_batches)
                return rd_false;
        rd_kafka_consumer_err(rktp->rktp_fetchq, RD_KAFKA_NODEID_UA, err, 0 /*never outdated*/,
                              NULL, rktp, RD_KAFKA_OFFSET_INVALID, "%s: %s", rd_kafka_err2str(err),
                              reason);
        return rd_true;
}

void rd_kafka_topic_note_another_id(rd_kafka_topic_t *rkt, rd_kafka_Uuid_t id) {
        static const char reason[] = "the topic was deleted and created again";
        rd_kafka_toppar_t *rktp;
        int i;

        if (!rkt->rkt_rk->rk_conf.consume_record_batches ||
            RD_KAFKA_UUID_IS_ZERO(rkt->rkt_topic_id) || RD_KAFKA_UUID_IS_ZERO(id))
                return;
        for (i = 0; i < rkt->rkt_partition_cnt; i++)
                rd_kafka_toppar_enq_error(rkt->rkt_p[i], RD_KAFKA_RESP_ERR_INCONSISTENT_TOPIC_ID,
                                          reason);
        RD_LIST_FOREACH(rktp, &rkt->rkt_desp, i)
        rd_kafka_toppar_enq_error(rktp, RD_KAFKA_RESP_ERR_INCONSISTENT_TOPIC_ID, reason);
}

rd_bool_t rd_kafka_toppar_enq_truncation(rd_kafka_toppar_t *rktp, rd_kafka_resp_err_t err,
                                         int32_t broker_id, int64_t offset, const char *reason) {
        if (err != RD_KAFKA_RESP_ERR__LOG_TRUNCATION ||
            !rktp->rktp_rkt->rkt_rk->rk_conf.consume_record_batches)
                return rd_false;
        rd_kafka_consumer_err(rktp->rktp_fetchq, broker_id, err, 0, NULL, rktp, offset, "%s",
                              reason);
        return rd_true;
}
