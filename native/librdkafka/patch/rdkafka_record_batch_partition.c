/*
 * See rdkafka_record_batch_partition.h.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"
#include "rdkafka_record_batch_fetch.h"
#include "rdkafka_record_batch_partition.h"

/* To be destroyed; NULL when there is no such partition. */
static rd_kafka_toppar_t *toppar_of(rd_kafka_topic_t *app_topic, int32_t partition) {
        rd_kafka_topic_t *rkt = rd_kafka_topic_proper(app_topic);
        rd_kafka_toppar_t *rktp;

        rd_kafka_topic_rdlock(rkt);
        if (!(rktp = rd_kafka_toppar_get(rkt, partition, 0)))
                rktp = rd_kafka_toppar_desired_get(rkt, partition);
        rd_kafka_topic_rdunlock(rkt);
        return rktp;
}

int rd_kafka_record_batch_start(rd_kafka_topic_t *app_topic, int32_t partition, int64_t offset,
                                int64_t end_offset) {
        rd_kafka_topic_t *rkt = rd_kafka_topic_proper(app_topic);
        rd_kafka_toppar_t *rktp;

        if (partition < 0)
                return rd_kafka_consume_start(app_topic, partition, offset);
        rd_kafka_topic_wrlock(rkt);
        rktp = rd_kafka_toppar_desired_add(rkt, partition);
        rd_kafka_topic_wrunlock(rkt);
        rd_kafka_toppar_lock(rktp);
        rktp->rktp_end_offset    = end_offset;
        rktp->rktp_ts_end_offset = rd_clock();
        rd_kafka_toppar_unlock(rktp);
        rd_kafka_toppar_destroy(rktp);
        return rd_kafka_consume_start(app_topic, partition, offset);
}

/* A seek does ask, unlike a start; the two are served one after the other. */
void rd_kafka_record_batch_validate(rd_kafka_topic_t *app_topic, int32_t partition, int64_t offset,
                                    int32_t leader_epoch) {
        rd_kafka_toppar_t *rktp = toppar_of(app_topic, partition);

        if (!rktp)
                return;
        rd_kafka_toppar_op_seek(rktp, RD_KAFKA_FETCH_POS(offset, leader_epoch), RD_KAFKA_NO_REPLYQ);
        rd_kafka_toppar_destroy(rktp);
}

void rd_kafka_record_batch_stop(rd_kafka_topic_t *app_topic, int32_t partition) {
        rd_kafka_toppar_t *rktp = toppar_of(app_topic, partition);

        if (!rktp)
                return;
        rd_kafka_toppar_op_fetch_stop(rktp, RD_KAFKA_NO_REPLYQ);
        rd_kafka_toppar_destroy(rktp);
}

int rd_kafka_record_batch_get_progress(rd_kafka_t *rk, const char *topic, int32_t partition,
                                       rd_kafka_record_batch_progress_t *progress) {
        rd_kafka_toppar_t *rktp = rd_kafka_toppar_get2(rk, topic, partition, 0, 0);
        rd_ts_t throttled       = 0;

        if (!rktp)
                return -1;
        rd_kafka_toppar_lock(rktp);
        if (rktp->rktp_broker)
                throttled = rd_kafka_broker_throttled_until(rktp->rktp_broker) - rd_clock();
        progress->end_offset   = rktp->rktp_ls_offset;
        progress->broker_id    = rktp->rktp_broker_id;
        progress->err          = rktp->rktp_fetch_err;
        progress->throttled_ms = RD_MAX(0, throttled) / 1000;
        rd_kafka_toppar_unlock(rktp);
        rd_kafka_toppar_destroy(rktp);
        return 0;
}
