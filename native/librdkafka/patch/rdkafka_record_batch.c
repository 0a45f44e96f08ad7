/*
 * Accessors of rdkafka_record_batch.h.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_msg.h"
#include "rdkafka_partition.h"
#include "rdkafka_record_batch.h"
#include "rdkafka_record_batch_fetch.h"

static const rd_kafka_record_batch_frame_t *
rd_kafka_message_record_batch_frame(const rd_kafka_message_t *msg) {
        const rd_kafka_msg_t *rkm = (const rd_kafka_msg_t *)msg;

        /* A producer's message has other members in the same union. */
        if (msg->err || (rkm->rkm_flags & RD_KAFKA_MSG_F_PRODUCER) ||
            rkm->rkm_u.consumer.record_batch.kind == 0)
                return NULL;
        return &rkm->rkm_u.consumer.record_batch;
}

static void rd_kafka_record_batch_fill(rd_kafka_record_batch_t *batch,
                                       const rd_kafka_record_batch_frame_t *frame,
                                       const void *records) {
        batch->base_offset    = frame->base_offset;
        batch->last_offset    = frame->last_offset;
        batch->base_timestamp = frame->base_timestamp;
        batch->max_timestamp  = frame->max_timestamp;
        batch->record_count   = frame->record_count;
        batch->leader_epoch   = frame->leader_epoch;
        batch->attributes     = frame->attributes;
        batch->kind           = frame->kind;
        batch->records        = frame->size > 0 ? records : NULL;
        batch->size           = (size_t)frame->size;
}

int rd_kafka_message_is_record_batch(const rd_kafka_message_t *msg) {
        return rd_kafka_message_record_batch_frame(msg) != NULL;
}

int rd_kafka_message_next_record_batch(const rd_kafka_message_t *msg, size_t *cursor,
                                       rd_kafka_record_batch_t *batch) {
        const rd_kafka_record_batch_frame_t *frame = rd_kafka_message_record_batch_frame(msg);

        if (!frame)
                return 0;

        if (frame->kind == RD_KAFKA_RECORD_BATCH_FRAMES) {
                if (*cursor >= msg->len)
                        return 0;
                frame = (const void *)((const char *)msg->payload + *cursor);
                rd_kafka_record_batch_fill(batch, frame, frame + 1);
                *cursor += rd_kafka_record_batch_frame_bytes(frame);
                return 1;
        }

        if (*cursor > 0)
                return 0;
        rd_kafka_record_batch_fill(batch, frame, msg->payload);
        *cursor = 1;
        return 1;
}

size_t rd_kafka_message_record_batch_bytes(const rd_kafka_message_t *msg) {
        if (!rd_kafka_message_record_batch_frame(msg))
                return 0;
        return msg->len + RD_KAFKA_RECORD_BATCH_OP_BYTES;
}

void rd_kafka_record_batch_set_fetch_wait_at_ends_ms(rd_kafka_t *rk, int ms) {
        __atomic_store_n(&rk->rk_conf.fetch_wait_at_ends_ms, RD_MAX(0, ms), __ATOMIC_RELAXED);
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

void rd_kafka_record_batch_set_partition_eof(rd_kafka_t *rk, int enabled) {
        __atomic_store_n(&rk->rk_conf.enable_partition_eof, enabled, __ATOMIC_RELAXED);
}

void rd_kafka_record_batch_set_fetch_limits(rd_kafka_t *rk, int64_t queued_max_bytes,
                                            int queued_min_messages, int fetch_message_max_bytes,
                                            int fetch_max_bytes, int fetch_alone_bytes) {
        __atomic_store_n(&rk->rk_conf.queued_max_msg_bytes, queued_max_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&rk->rk_conf.queued_min_msgs, queued_min_messages, __ATOMIC_RELAXED);
        __atomic_store_n(&rk->rk_conf.fetch_msg_max_bytes, fetch_message_max_bytes,
                         __ATOMIC_RELAXED);
        __atomic_store_n(&rk->rk_conf.fetch_max_bytes, fetch_max_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&rk->rk_conf.fetch_alone_bytes, fetch_alone_bytes, __ATOMIC_RELAXED);
}

int rd_kafka_record_batch_get_progress(rd_kafka_t *rk, const char *topic, int32_t partition,
                                       int64_t *end_offset, int32_t *broker_id,
                                       rd_kafka_resp_err_t *err, int64_t *throttled_ms) {
        rd_kafka_toppar_t *rktp = rd_kafka_toppar_get2(rk, topic, partition, 0, 0);

        if (!rktp)
                return -1;
        rd_kafka_toppar_lock(rktp);
        *end_offset = rktp->rktp_ls_offset;
        *broker_id  = rktp->rktp_broker_id;
        *err        = rktp->rktp_fetch_err;
        *throttled_ms =
            rktp->rktp_broker
                ? RD_MAX(0, rd_kafka_broker_throttled_until(rktp->rktp_broker) - rd_clock()) / 1000
                : 0;
        rd_kafka_toppar_unlock(rktp);
        rd_kafka_toppar_destroy(rktp);
        return 0;
}

void rd_kafka_record_batch_stop(rd_kafka_topic_t *app_topic, int32_t partition) {
        rd_kafka_topic_t *rkt = rd_kafka_topic_proper(app_topic);
        rd_kafka_toppar_t *rktp;

        rd_kafka_topic_rdlock(rkt);
        if (!(rktp = rd_kafka_toppar_get(rkt, partition, 0)))
                rktp = rd_kafka_toppar_desired_get(rkt, partition);
        rd_kafka_topic_rdunlock(rkt);
        if (!rktp)
                return;
        rd_kafka_toppar_op_fetch_stop(rktp, RD_KAFKA_NO_REPLYQ);
        rd_kafka_toppar_destroy(rktp);
}
