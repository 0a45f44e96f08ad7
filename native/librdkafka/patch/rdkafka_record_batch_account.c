/*
 * See rdkafka_record_batch_account.h.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_op.h"
#include "rdkafka_partition.h"
#include "rdkafka_topic.h"

void rd_kafka_account_response(rd_kafka_record_batch_account_t *account, rd_kafka_buf_t *rkbuf) {
        rkbuf->rkbuf_account = account;
        rd_atomic64_add(&account->responses, (int64_t)rkbuf->rkbuf_totlen);
}

void rd_kafka_account_response_done(rd_kafka_buf_t *rkbuf) {
        if (!rkbuf->rkbuf_account)
                return;
        rd_atomic64_sub(&rkbuf->rkbuf_account->responses, (int64_t)rkbuf->rkbuf_totlen);
        rkbuf->rkbuf_account = NULL;
}

/** @returns the account that \p rko is in; NULL: it has no record batches. */
static rd_kafka_record_batch_account_t *rd_kafka_account_of(const rd_kafka_op_t *rko) {
        if (!rko->rko_rktp || rko->rko_u.fetch.rkm.rkm_u.consumer.record_batch.kind == 0)
                return NULL;
        return &rko->rko_rktp->rktp_rkt->rkt_rk->rk_account;
}

static int64_t rd_kafka_account_payload(const rd_kafka_op_t *rko) {
        return (int64_t)rko->rko_len - RD_KAFKA_RECORD_BATCH_OP_BYTES;
}

void rd_kafka_account_queued(const rd_kafka_op_t *rko) {
        rd_kafka_record_batch_account_t *account = rd_kafka_account_of(rko);

        rd_atomic32_add(&rko->rko_rktp->rktp_held_ops, 1);
        rd_atomic64_add(&account->queued_ops, 1);
        rd_atomic64_add(&account->queued_payload, rd_kafka_account_payload(rko));
}

void rd_kafka_account_taken(rd_kafka_op_t *rko) {
        rd_kafka_record_batch_account_t *account = rd_kafka_account_of(rko);

        if (!account || rko->rko_u.fetch.is_taken)
                return;
        rko->rko_u.fetch.is_taken = rd_true;
        rd_atomic64_add(&account->taken_ops, 1);
        rd_atomic64_add(&account->taken_payload, rd_kafka_account_payload(rko));
        rd_atomic64_sub(&account->queued_ops, 1);
        rd_atomic64_sub(&account->queued_payload, rd_kafka_account_payload(rko));
}

void rd_kafka_account_op_destroy(const rd_kafka_op_t *rko) {
        rd_kafka_record_batch_account_t *account = rd_kafka_account_of(rko);

        if (!account)
                return;
        if (rko->rko_u.fetch.is_left)
                rd_atomic64_sub(&account->left, rko->rko_len);
        else
                rd_atomic32_sub(&rko->rko_rktp->rktp_held_ops, 1);
        if (rko->rko_u.fetch.is_taken) {
                rd_atomic64_sub(&account->taken_ops, 1);
                rd_atomic64_sub(&account->taken_payload, rd_kafka_account_payload(rko));
        } else {
                rd_atomic64_sub(&account->queued_ops, 1);
                rd_atomic64_sub(&account->queued_payload, rd_kafka_account_payload(rko));
        }
}

void rd_kafka_account_left(rd_kafka_op_t *rko) {
        rd_kafka_record_batch_account_t *account = rd_kafka_account_of(rko);

        if (!account || rko->rko_u.fetch.is_left)
                return;
        rko->rko_u.fetch.is_left = rd_true;
        rd_atomic64_add(&account->left, rko->rko_len);
        rd_atomic32_sub(&rko->rko_rktp->rktp_held_ops, 1);
}

int64_t rd_kafka_account_held(rd_kafka_record_batch_account_t *account) {
        const int64_t ops =
            rd_atomic64_get(&account->queued_ops) + rd_atomic64_get(&account->taken_ops);

        return rd_atomic64_get(&account->queued_payload) +
               rd_atomic64_get(&account->taken_payload) + ops * RD_KAFKA_RECORD_BATCH_OP_BYTES -
               rd_atomic64_get(&account->left);
}
