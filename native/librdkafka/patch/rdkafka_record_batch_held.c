/*
 * See rdkafka_record_batch_held.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_held.h"
#include "rdkafka_broker.h"
#include "rdkafka_op.h"
#include "rdkafka_topic.h"
#include "rdkafka_record_batch.h"

static rd_bool_t rd_kafka_record_batch_is_full(rd_kafka_t *rk) {
        const int64_t most = __atomic_load_n(&rk->rk_conf.held_max_bytes, __ATOMIC_RELAXED);

        return most && rd_kafka_account_held(&rk->rk_account) >= most;
}

/* Who waits says so first and looks then; who makes room does it the other way round: one of the
 * two sees the other. */
rd_bool_t rd_kafka_toppar_waits_for_room(rd_kafka_toppar_t *rktp) {
        rd_kafka_t *rk = rktp->rktp_rkt->rkt_rk;

        if (!rd_kafka_record_batch_is_full(rk))
                return rd_false;
        rd_atomic32_set(&rk->rk_waits_for_room, 1);
        return rd_kafka_record_batch_is_full(rk) && rd_atomic32_get(&rktp->rktp_held_ops) > 0;
}

/** @brief Has all brokers look again at who waits, those at once that fetch nothing. */
static void rd_kafka_brokers_look_again(rd_kafka_t *rk) {
        rd_kafka_broker_t *rkb;

        rd_kafka_rdlock(rk);
        TAILQ_FOREACH(rkb, &rk->rk_brokers, rkb_link) {
                __atomic_store_n(&rkb->rkb_fetch_resumed, 1, __ATOMIC_RELAXED);
                if (!__atomic_load_n(&rkb->rkb_fetching, __ATOMIC_RELAXED))
                        rd_kafka_broker_wakeup(rkb, "less is held");
        }
        rd_kafka_rdunlock(rk);
}

void rd_kafka_record_batch_message_destroy(rd_kafka_message_t *msg) {
        const rd_kafka_op_t *rko = msg->_private;
        rd_kafka_toppar_t *rktp;
        rd_kafka_t *rk;

        if (!rd_kafka_message_is_record_batch(msg)) {
                rd_kafka_message_destroy(msg);
                return;
        }
        rktp = rd_kafka_toppar_keep(rko->rko_rktp);
        rk   = rktp->rktp_rkt->rkt_rk;
        rd_kafka_message_destroy(msg);
        if (rd_atomic32_get(&rk->rk_waits_for_room) &&
            (!rd_atomic32_get(&rktp->rktp_held_ops) || !rd_kafka_record_batch_is_full(rk)) &&
            rd_atomic32_set(&rk->rk_waits_for_room, 0))
                rd_kafka_brokers_look_again(rk);
        rd_kafka_toppar_destroy(rktp);
}
