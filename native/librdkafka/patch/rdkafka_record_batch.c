/*
 * See rdkafka_record_batch.h.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_msg.h"
#include "rdkafka_op.h"
#include "rdkafka_partition.h"
#include "rdkafka_record_batch.h"
#include "rdkafka_record_batch_held.h"

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
        batch->is_compressed  = frame->is_compressed;
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
        return (size_t)((const rd_kafka_op_t *)msg->_private)->rko_len;
}

void rd_kafka_record_batch_message_destroy(rd_kafka_message_t *msg) {
        rd_kafka_toppar_t *rktp;

        if (!rd_kafka_message_is_record_batch(msg)) {
                rd_kafka_message_destroy(msg);
                return;
        }
        rktp = rd_kafka_toppar_keep(((const rd_kafka_op_t *)msg->_private)->rko_rktp);
        rd_kafka_message_destroy(msg);
        rd_kafka_toppar_made_room(rktp);
        rd_kafka_toppar_destroy(rktp);
}

void rd_kafka_record_batch_message_leave(rd_kafka_message_t *msg) {
        rd_kafka_op_t *rko = msg->_private;

        if (!rd_kafka_message_is_record_batch(msg))
                return;
        rd_kafka_account_left(rko);
        rd_kafka_toppar_made_room(rko->rko_rktp);
}
