/*
 * See rdkafka_record_batch_share.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_share.h"

void rd_kafka_broker_fetch_begin(rd_kafka_broker_t *rkb) {
        if ((rkb->rkb_fetch_one = rkb->rkb_fetch_one_cnt > 0))
                rkb->rkb_fetch_one_cnt--;
        rkb->rkb_fetch_first        = rkb->rkb_active_toppar_next;
        rkb->rkb_fetch_left_out_one = rd_false;
        rkb->rkb_fetch_least        = 0;
        if (rkb->rkb_fetch_more_cnt > 0)
                rkb->rkb_fetch_least =
                    __atomic_load_n(&rkb->rkb_rk->rk_conf.fetch_alone_bytes, __ATOMIC_RELAXED) /
                    rkb->rkb_fetch_more_cnt;
}

void rd_kafka_toppar_fetch_served(rd_kafka_broker_t *rkb, rd_kafka_toppar_t *rktp,
                                  const rd_slice_t *reader) {
        /* Behind the base offset. */
        const size_t of_length = rd_slice_offset(reader) + 8;
        const int before       = rktp->rktp_batch_bytes;
        int32_t length;

        if (rd_slice_peek(reader, of_length, &length, sizeof(length))) {
                length = (int32_t)be32toh(length);
                if (length > 0) {
                        rktp->rktp_batch_bytes = RD_MAX(length, before / 2);
                        __atomic_store_n(&rktp->rktp_rkt->rkt_batch_bytes, length,
                                         __ATOMIC_RELAXED);
                }
        }
        if (rktp->rktp_fetch && !rkb->rkb_fetch_left_out_one &&
            rkb->rkb_rk->rk_conf.consume_record_batches)
                rd_kafka_broker_active_toppar_next(
                    rkb, CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp, rktp_activelink));
}

void rd_kafka_toppar_fetch_not_served(rd_kafka_broker_t *rkb, rd_kafka_toppar_t *rktp,
                                      int64_t end_offset) {
        if (rktp->rktp_offsets.fetch_pos.offset >= end_offset || !rktp->rktp_fetch ||
            rkb->rkb_fetch_left_out_one || rktp == rkb->rkb_fetch_first ||
            !rkb->rkb_rk->rk_conf.consume_record_batches)
                return;
        rkb->rkb_fetch_left_out_one = rd_true;
        rd_kafka_broker_active_toppar_next(rkb, rktp);
}
