/*
 * See rdkafka_record_batch_held.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_held.h"
#include "rdkafka_topic.h"

/** @returns how many bytes more may be held, 1 at least: a broker gives one record batch for them.
 */
static int64_t rd_kafka_held_room(rd_kafka_t *rk) {
        const int64_t most = __atomic_load_n(&rk->rk_conf.held_max_bytes, __ATOMIC_RELAXED);

        return most ? RD_MAX(1, most - rd_kafka_account_held(&rk->rk_account)) : INT64_MAX;
}

static rd_bool_t rd_kafka_is_held_enough(rd_kafka_t *rk) {
        return rd_kafka_held_room(rk) == 1;
}

/* Who waits says so first and looks then; who makes room does it the other way round: one of the
 * two sees the other. */
void rd_kafka_broker_fetch_note_held(rd_kafka_broker_t *rkb) {
        rd_kafka_t *rk = rkb->rkb_rk;

        rkb->rkb_fetch_room    = rd_kafka_held_room(rk);
        rkb->rkb_fetch_is_held = rkb->rkb_fetch_room == 1;
        if (!rkb->rkb_fetch_is_held)
                return;
        rd_atomic32_set(&rk->rk_waits_for_room, 1);
        rkb->rkb_fetch_is_held = rd_kafka_is_held_enough(rk);
}

rd_bool_t rd_kafka_toppar_has_to_wait(rd_kafka_toppar_t *rktp) {
        rd_kafka_t *rk = rktp->rktp_rkt->rkt_rk;

        if (rd_atomic32_get(&rktp->rktp_held_ops) == 0 || !rd_kafka_is_held_enough(rk))
                return rd_false;
        rd_atomic32_set(&rk->rk_waits_for_room, 1);
        return rd_atomic32_get(&rktp->rktp_held_ops) > 0 && rd_kafka_is_held_enough(rk);
}

/* While it fetches something it need not be woken: it looks again before the next fetch. */
static void rd_kafka_broker_look_again(rd_kafka_broker_t *rkb) {
        __atomic_store_n(&rkb->rkb_fetch_resumed, 1, __ATOMIC_RELAXED);
        if (!__atomic_load_n(&rkb->rkb_fetching, __ATOMIC_RELAXED))
                rd_kafka_broker_wakeup(rkb, "less is held");
}

void rd_kafka_toppar_made_room(rd_kafka_toppar_t *rktp) {
        rd_kafka_t *rk = rktp->rktp_rkt->rkt_rk;
        rd_kafka_broker_t *rkb;

        if (!rd_atomic32_get(&rk->rk_waits_for_room))
                return;
        if (rd_kafka_is_held_enough(rk)) {
                /* The others wait on. */
                if (rd_atomic32_get(&rktp->rktp_held_ops) > 0)
                        return;
                rd_kafka_toppar_lock(rktp);
                if (rktp->rktp_broker)
                        rd_kafka_broker_look_again(rktp->rktp_broker);
                rd_kafka_toppar_unlock(rktp);
        } else if (rd_atomic32_set(&rk->rk_waits_for_room, 0)) {
                rd_kafka_rdlock(rk);
                TAILQ_FOREACH(rkb, &rk->rk_brokers, rkb_link)
                rd_kafka_broker_look_again(rkb);
                rd_kafka_rdunlock(rk);
        }
}
