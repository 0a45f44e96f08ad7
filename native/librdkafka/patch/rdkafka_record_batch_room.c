/*
 * See rdkafka_record_batch_room.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_codecs.h"
#include "rdkafka_record_batch_room.h"

rd_bool_t rd_kafka_toppar_may_inflate(rd_kafka_toppar_t *rktp, const rd_kafka_broker_t *rkb,
                                      int codec, const void *compressed, size_t size,
                                      int64_t room) {
        double inflated;

        /* An unknown codec is reported by who tries it. */
        if (room >= rkb->rkb_rk->rk_conf.recv_max_msg_size || codec > RD_KAFKA_COMPRESSION_ZSTD)
                return rd_true;
        if (room <= 0)
                return rd_false;
        inflated = (double)rd_kafka_decompressed_told(codec, compressed, size);
        if (inflated == 0)
                inflated = rktp->rktp_inflation * (double)size;
        inflated = RD_MAX(inflated, rktp->rktp_misfit * (double)size);
        if (inflated <= (double)room)
                return rd_true;
        rktp->rktp_inflation -= rktp->rktp_inflation / 64;
        rktp->rktp_misfit -= rktp->rktp_misfit / 64;
        return rd_false;
}
