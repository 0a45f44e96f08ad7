/*
 * When a broker is asked for record batches, and how long it may keep the request.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"
#include "rdkafka_record_batch.h"
#include "rdkafka_record_batch_fetch.h"
#include "rdkafka_record_batch_held.h"

/* --- how long a fetch may be kept --------------------------------------------------------------
 *
 * Two waits. What is on the broker's disk it answers with at once, whatever the wait. What a broker
 * before 3.8 has in remote storage it reads for as long as the fetch may be kept, and not longer:
 * it interrupts the read, answers with nothing, and may leave its cached index closed, for all
 * other consumers too. So a fetch in which a partition has more, or may have, is kept for
 * fetch.wait.max.ms; one of partitions that are all known to be at their ends for a shorter time.
 */

/* What is known of an end is believed for a minute. A partition that was not asked for meanwhile,
 * since its queue was full, may have got records, and those may have gone to remote storage. So may
 * those of one that was added, whose end is not known yet. Such a partition can hold the next fetch
 * up for fetch.wait.max.ms, once; an interrupted read would do harm for good. */
#define RD_KAFKA_RECORD_BATCH_END_IS_KNOWN_FOR (60 * 1000 * 1000)

static int rd_kafka_fetch_wait_at_ends_ms(const rd_kafka_t *rk) {
        const int most    = rk->rk_conf.fetch_wait_max_ms;
        const int at_ends = __atomic_load_n(&rk->rk_conf.fetch_wait_at_ends_ms, __ATOMIC_RELAXED);

        return at_ends ? RD_MIN(at_ends, most) : most;
}

static rd_bool_t rd_kafka_toppar_fetch_may_have_more(const rd_kafka_toppar_t *rktp) {
        return rktp->rktp_offsets.fetch_pos.offset < rktp->rktp_end_offset ||
               !rktp->rktp_ts_end_offset ||
               rd_clock() - rktp->rktp_ts_end_offset > RD_KAFKA_RECORD_BATCH_END_IS_KNOWN_FOR;
}

void rd_kafka_toppar_fetch_note_end(rd_kafka_toppar_t *rktp, int16_t err, int64_t end_offset,
                                    rd_bool_t is_empty) {
        rktp->rktp_fetch_at_end = is_empty && end_offset == rktp->rktp_offsets.fetch_pos.offset;
        if (err)
                return; /* it tells of no end */
        rktp->rktp_end_offset    = end_offset;
        rktp->rktp_ts_end_offset = rd_clock();
}

void rd_kafka_toppar_fetch_note_asked(const rd_kafka_toppar_t *rktp, rd_kafka_broker_t *rkb) {
        if (!rktp->rktp_fetch_at_end)
                rkb->rkb_fetch_more_cnt++;
        if (!rkb->rkb_fetch_may_have_more)
                rkb->rkb_fetch_may_have_more = rd_kafka_toppar_fetch_may_have_more(rktp);
}

int rd_kafka_broker_fetch_wait_ms(const rd_kafka_broker_t *rkb) {
        const int at_ends        = rd_kafka_fetch_wait_at_ends_ms(rkb->rkb_rk);
        const rd_bool_t asks_one = rkb->rkb_fetch_one_cnt > 0;

        if (asks_one ? rd_kafka_toppar_fetch_may_have_more(rkb->rkb_active_toppar_next)
                     : rkb->rkb_fetch_may_have_more)
                return rkb->rkb_rk->rk_conf.fetch_wait_max_ms;
        if (asks_one)
                return 0;
        if (!rkb->rkb_fetch_leaves_out)
                return at_ends;
        if (!rkb->rkb_fetch_more_cnt)
                return 0;
        return RD_MIN(RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS, at_ends);
}

/* --- full queues --------------------------------------------------------------------------------
 */

int rd_kafka_broker_fetch_pause_ms(rd_kafka_broker_t *rkb) {
        const int pause = RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS;

        if (__atomic_load_n(&rkb->rkb_fetch_resumed, __ATOMIC_RELAXED))
                return pause;
        return RD_MAX(pause, rd_kafka_fetch_wait_at_ends_ms(rkb->rkb_rk));
}

void rd_kafka_toppar_fetch_resume(rd_kafka_toppar_t *rktp) {
        rd_kafka_conf_t *conf = &rktp->rktp_rkt->rkt_rk->rk_conf;

        if (rd_kafka_toppar_has_to_wait(rktp))
                return;
        rd_kafka_toppar_lock(rktp);
        if (rktp->rktp_fetch_queue_full &&
            rd_kafka_q_len(rktp->rktp_fetchq) <
                __atomic_load_n(&conf->queued_min_msgs, __ATOMIC_RELAXED) &&
            (int64_t)rd_kafka_q_size(rktp->rktp_fetchq) <
                __atomic_load_n(&conf->queued_max_msg_bytes, __ATOMIC_RELAXED)) {
                rktp->rktp_fetch_queue_full = rd_false;
                if (rktp->rktp_broker) {
                        __atomic_store_n(&rktp->rktp_broker->rkb_fetch_resumed, 1,
                                         __ATOMIC_RELAXED);
                        if (!__atomic_load_n(&rktp->rktp_broker->rkb_fetching, __ATOMIC_RELAXED))
                                rd_kafka_broker_wakeup(rktp->rktp_broker, "queue has room");
                }
        }
        rd_kafka_toppar_unlock(rktp);
}

/* --- throttles and timeouts ---------------------------------------------------------------------
 *
 * A broker that has a quota to keep answers at once, says for how long it reads no further request
 * of this connection, and means it (KIP-219, since 2.0). What is sent meanwhile lies in a socket,
 * and timed out there: the connection was given up, and what it had been asked for was paid for
 * twice. Java's client sends nothing meanwhile. Here no fetch is sent, and what else is does not
 * time out.
 */

void rd_kafka_broker_note_throttle(rd_kafka_broker_t *rkb, int ms) {
        const rd_ts_t until = rd_clock() + (rd_ts_t)ms * 1000;

        /* Older ones have waited already, before they answered. */
        if (!rkb->rkb_rk->rk_conf.consume_record_batches ||
            !rd_kafka_broker_ApiVersion_at_least(rkb, RD_KAFKAP_Fetch, 8))
                return;
        if (until > rd_kafka_broker_throttled_until(rkb))
                __atomic_store_n(&rkb->rkb_ts_throttled, until, __ATOMIC_RELAXED);
}

rd_ts_t rd_kafka_broker_throttled_until(rd_kafka_broker_t *rkb) {
        return __atomic_load_n(&rkb->rkb_ts_throttled, __ATOMIC_RELAXED);
}

void rd_kafka_broker_note_answer(rd_kafka_broker_t *rkb, const rd_kafka_buf_t *request) {
        rd_kafka_buf_t *next = TAILQ_NEXT(request, rkbuf_link);

        if (request != TAILQ_FIRST(&rkb->rkb_waitresps.rkbq_bufs) || !next)
                return;
        next->rkbuf_ts_timeout =
            RD_MAX(next->rkbuf_ts_timeout,
                   rd_clock() + (rd_ts_t)rkb->rkb_rk->rk_conf.socket_timeout_ms * 1000);
}

rd_bool_t rd_kafka_broker_may_answer(rd_kafka_broker_t *rkb, rd_ts_t now) {
        const rd_ts_t patience      = (rd_ts_t)rkb->rkb_rk->rk_conf.socket_timeout_ms * 1000;
        const rd_ts_t throttled     = rd_kafka_broker_throttled_until(rkb);
        const rd_kafka_buf_t *first = TAILQ_FIRST(&rkb->rkb_waitresps.rkbq_bufs);

        if (!rkb->rkb_rk->rk_conf.consume_record_batches)
                return rd_false;
        /* A response is on its way, however slowly. */
        if (rkb->rkb_recv_buf && rd_buf_write_pos(&rkb->rkb_recv_buf->rkbuf_buf) > 0 &&
            now - (rd_ts_t)rd_atomic64_get(&rkb->rkb_c.ts_recv) < patience)
                return rd_true;
        /* The clock may count from when the machine was started: 0 is not long ago. */
        if (throttled && now - throttled < patience)
                return rd_true;
        /* Brokers answer in order. */
        return first && first->rkbuf_ts_timeout > now;
}
