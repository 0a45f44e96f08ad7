/*
 * See rdkafka_record_batch_response.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_response.h"

void rd_kafka_toppar_fetch_note_err(rd_kafka_toppar_t *rktp, rd_kafka_resp_err_t err) {
        rd_kafka_toppar_lock(rktp);
        rktp->rktp_fetch_err = err;
        rd_kafka_toppar_unlock(rktp);
}

void rd_kafka_broker_fetch_note_read(rd_kafka_broker_t *rkb, rd_kafka_resp_err_t err,
                                     rd_kafka_buf_t *request) {
        const rd_bool_t is_too_large = err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;

        if (likely(err != RD_KAFKA_RESP_ERR__BAD_MSG && err != RD_KAFKA_RESP_ERR__UNDERFLOW &&
                   !is_too_large))
                return;
        if (!rkb->rkb_rk->rk_conf.consume_record_batches)
                return;
        if (rkb->rkb_fetch_one) {
                const struct rd_kafka_toppar_ver *tver = rd_list_elem(request->rkbuf_rktp_vers, 0);

                rd_kafka_consumer_err(
                    tver->rktp->rktp_fetchq, rd_kafka_broker_id(rkb),
                    is_too_large ? err : RD_KAFKA_RESP_ERR__BAD_MSG, tver->version, NULL,
                    tver->rktp, tver->rktp->rktp_offsets.fetch_pos.offset,
                    "Response of broker %" PRId32 " cannot be read: %s", rd_kafka_broker_id(rkb),
                    is_too_large ? "it is larger than receive.message.max.bytes"
                                 : "it does not parse");
        }
        rkb->rkb_fetch_one_cnt = rkb->rkb_active_toppar_cnt;
}
