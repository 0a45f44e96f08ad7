// Fetch resume: a partition whose queue is full is fetched again as soon as the consumer has made
// room. Upstream looks again when fetch.queue.backoff.ms have passed: a partition that had been
// drained long before was waited for, 2 ms of every 3 with one partition; and the wait costs CPU
// where the queue stays full. While a fetch is on its way nobody needs to be woken: the next one
// follows it. With 1,000 partitions to look at, a wake-up for each cost a quarter of the speed.
//
// So no fetch may be kept long by the broker while a full partition is left out of it. One that finds
// nothing new in the others was kept for fetch.wait.max.ms, and what had drained in the meantime
// waited as long: in live 250 ms for every few MB of a backlog, and in the replay of one partition
// after another, where all the others are full or at their ends, 10 ms for every fetch. While a
// partition is left out, others that are at their ends alone are asked every 10 ms, and answered at
// once. If nobody has drained anything since, they are asked as seldom as they would be otherwise:
// a drained queue wakes the thread between two fetches.
import { after, before, replace } from './edit.mjs'

const isFull = (reason) => [
  `                reason     = "${reason}";
                ts_backoff = rd_kafka_toppar_fetch_backoff(
                    rkb, rktp, RD_KAFKA_RESP_ERR__QUEUE_FULL);`,
  `                reason     = "${reason}";
                ts_backoff = rd_clock() +
                             rkb->rkb_rk->rk_conf.fetch_queue_backoff_ms * 1000;
                rktp->rktp_fetch_queue_full = rd_true;
                rkb->rkb_fetch_leaves_out   = rd_true;`,
]

export const fetchResume = [
  after(
    'rdkafka_partition.h',
    `                                        * absolute timestamp
                                        * expires. */`,
    `        rd_bool_t rktp_fetch_queue_full; /* Not fetched, for its queue is
                                          * full.
                                          * Locks: rktp_lock */
        rd_bool_t rktp_fetch_at_end; /* The last response had nothing, since
                                      * there was nothing.
                                      * Locality: broker thread */`,
  ),
  after(
    'rdkafka_broker.h',
    '        rd_ts_t rkb_ts_fetch_backoff;',
    `        /* Broker thread only, of the next fetch: */
        rd_bool_t rkb_fetch_leaves_out; /**< a partition is not asked for,
                                         *   since its queue is full */
        int rkb_fetch_more_cnt; /**< so many partitions are asked for that are
                                 *   not known to be at their ends */
        rd_ts_t rkb_ts_fetch;         /**< When the last one was sent. */
        int rkb_fetch_resumed; /**< A full queue has got room since then.
                                *   Atomic. */`,
  ),
  replace('rdkafka_fetcher.c', ...isFull('queued.min.messages exceeded')),
  replace('rdkafka_fetcher.c', ...isFull('queued.max.messages.kbytes exceeded')),
  before(
    'rdkafka_fetcher.c',
    `        /* If this is the last message of the queue,
         * signal EOF back to the application. */
        if (end_offset ==`,
    `        rktp->rktp_fetch_at_end =
            hdr.MessageSetSize == 0 &&
            end_offset == rktp->rktp_offsets.fetch_pos.offset;
`,
  ),
  before(
    'rdkafka_fetcher.c',
    `        /* Copy offset stats to finalized place holder. */
        rktp->rktp_offsets_fin = rktp->rktp_offsets;

        if (rktp->rktp_fetch != should_fetch) {`,
    `        if (should_fetch && !rktp->rktp_fetch_at_end)
                rkb->rkb_fetch_more_cnt++;
`,
  ),
  replace(
    'rdkafka_broker.c',
    `                /* Serve toppars */
                min_backoff = rd_kafka_broker_consumer_toppars_serve(rkb);`,
    `                /* Serve toppars */
                rkb->rkb_fetch_leaves_out = rd_false;
                rkb->rkb_fetch_more_cnt   = 0;
                min_backoff = rd_kafka_broker_consumer_toppars_serve(rkb);
                if (min_backoff < now && rkb->rkb_fetch_leaves_out &&
                    !rkb->rkb_fetch_more_cnt)
                        min_backoff = rkb->rkb_ts_fetch +
                                      rd_kafka_broker_fetch_pause_ms(rkb) *
                                          1000;`,
  ),
  after(
    'rdkafka_fetcher.h',
    '#define _RDKAFKA_FETCHER_H_',
    `
/** The application has taken ops: wakes the broker's thread if that made room
 *  in a full queue. Any thread. */
void rd_kafka_toppar_fetch_resume(rd_kafka_toppar_t *rktp);

/** Between two fetches of partitions that are at their ends, while another
 *  one's queue is full. Broker thread only. */
int rd_kafka_broker_fetch_pause_ms(rd_kafka_broker_t *rkb);
`,
  ),
  after(
    'rdkafka_fetcher.c',
    '#include "rdkafka_fetcher.h"',
    `#include "rdkafka_record_batch.h"

void rd_kafka_toppar_fetch_resume(rd_kafka_toppar_t *rktp) {
        rd_kafka_conf_t *conf = &rktp->rktp_rkt->rkt_rk->rk_conf;

        rd_kafka_toppar_lock(rktp);
        if (rktp->rktp_fetch_queue_full &&
            rd_kafka_q_len(rktp->rktp_fetchq) <
                __atomic_load_n(&conf->queued_min_msgs, __ATOMIC_RELAXED) &&
            (int64_t)rd_kafka_q_size(rktp->rktp_fetchq) <
                __atomic_load_n(&conf->queued_max_msg_bytes,
                                __ATOMIC_RELAXED)) {
                rktp->rktp_fetch_queue_full = rd_false;
                if (rktp->rktp_broker) {
                        __atomic_store_n(&rktp->rktp_broker->rkb_fetch_resumed,
                                         1, __ATOMIC_RELAXED);
                        if (!__atomic_load_n(&rktp->rktp_broker->rkb_fetching,
                                             __ATOMIC_RELAXED))
                                rd_kafka_broker_wakeup(rktp->rktp_broker,
                                                       "queue has room");
                }
        }
        rd_kafka_toppar_unlock(rktp);
}

int rd_kafka_broker_fetch_pause_ms(rd_kafka_broker_t *rkb) {
        const int pause = RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS;
        const int wait  = __atomic_load_n(
            &rkb->rkb_rk->rk_conf.fetch_wait_max_ms, __ATOMIC_RELAXED);

        if (__atomic_load_n(&rkb->rkb_fetch_resumed, __ATOMIC_RELAXED))
                return pause;
        return RD_MAX(pause, wait);
}
`,
  ),
  replace(
    'rdkafka_fetcher.c',
    '        rkb->rkb_fetching = 1;',
    `        rkb->rkb_ts_fetch = now;
        __atomic_store_n(&rkb->rkb_fetch_resumed, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&rkb->rkb_fetching, 1, __ATOMIC_RELAXED);`,
  ),
  // Until its last partition was looked at, not until the first.
  replace('rdkafka_fetcher.c', '        rkb->rkb_fetching = 0;\n', ''),
  replace(
    'rdkafka_fetcher.c',
    `                rd_kafka_broker_fetch_backoff(rkb, err);
                /* FALLTHRU */
        }
`,
    `                rd_kafka_broker_fetch_backoff(rkb, err);
                /* FALLTHRU */
        }
        __atomic_store_n(&rkb->rkb_fetching, 0, __ATOMIC_RELAXED);
`,
  ),
  after('rdkafka_queue.c', '#include "rdkafka_interceptor.h"', '#include "rdkafka_fetcher.h"'),
  replace(
    'rdkafka_queue.c',
    `                             rd_kafka_fetch_pos_cmp(&pos, &rktp->rktp_app_pos) >
                                 0))
                        rd_kafka_update_app_pos(rk, rktp, pos, RD_DO_LOCK);
`,
    `                             rd_kafka_fetch_pos_cmp(&pos, &rktp->rktp_app_pos) >
                                 0)) {
                        rd_kafka_update_app_pos(rk, rktp, pos, RD_DO_LOCK);
                        rd_kafka_toppar_fetch_resume(rktp);
                }
`,
  ),
]
