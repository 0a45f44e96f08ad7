/*
 * See rdkafka_record_batch_admin.h.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_cgrp.h"
#include "rdkafka_coord.h"
#include "rdkafka_record_batch_admin.h"

static int rd_kafka_broker_filter_without_id(rd_kafka_broker_t *rkb, void *opaque) {
        return rkb->rkb_nodeid == -1;
}

rd_kafka_broker_t *rd_kafka_broker_any_for_admin(rd_kafka_t *rk) {
        if (!rk->rk_conf.consume_record_batches)
                return NULL;
        return rd_kafka_broker_any_up(rk, NULL, rd_kafka_broker_filter_without_id, NULL,
                                      "admin request");
}

rd_bool_t rd_kafka_controller_is_wanted(rd_kafka_t *rk) {
        rd_bool_t is_untried;
        rd_kafka_broker_t *rkb;

        if (!rk->rk_conf.consume_record_batches)
                return rd_true;
        rkb = rd_kafka_broker_find_by_nodeid0(rk, rk->rk_controllerid, -1, rd_false);
        if (!rkb)
                return rd_false;
        is_untried = rd_atomic32_get(&rkb->rkb_c.connects) == 0;
        rd_kafka_broker_destroy(rkb);
        return is_untried;
}

void rd_kafka_forget_coordinator(rd_kafka_broker_t *rkb, rd_kafka_resp_err_t err) {
        rd_kafka_t *rk = rkb->rkb_rk;

        if (rk->rk_cgrp)
                rd_kafka_cgrp_op(rk->rk_cgrp, NULL, RD_KAFKA_NO_REPLYQ, RD_KAFKA_OP_COORD_QUERY,
                                 err);
        else
                rd_kafka_coord_cache_evict(&rk->rk_coord_cache, rkb);
}
