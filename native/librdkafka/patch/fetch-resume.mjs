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

const INCLUDE = '#include "rdkafka_record_batch_fetch.h"'

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
        rd_bool_t rkb_fetch_may_have_more; /**< one of them has records that
                                            *   it can ask for, or may have */
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
    `        rd_kafka_toppar_fetch_note_end(rktp, hdr.ErrorCode, end_offset,
                                       hdr.MessageSetSize == 0);
`,
  ),
  before(
    'rdkafka_fetcher.c',
    `        /* Copy offset stats to finalized place holder. */
        rktp->rktp_offsets_fin = rktp->rktp_offsets;

        if (rktp->rktp_fetch != should_fetch) {`,
    `        if (should_fetch)
                rd_kafka_toppar_fetch_note_asked(rktp, rkb);
`,
  ),
  replace(
    'rdkafka_broker.c',
    `                /* Serve toppars */
                min_backoff = rd_kafka_broker_consumer_toppars_serve(rkb);`,
    `                /* Serve toppars */
                rkb->rkb_fetch_leaves_out    = rd_false;
                rkb->rkb_fetch_more_cnt      = 0;
                rkb->rkb_fetch_may_have_more = rd_false;
                min_backoff = rd_kafka_broker_consumer_toppars_serve(rkb);
                if (min_backoff < now && rkb->rkb_fetch_leaves_out &&
                    !rkb->rkb_fetch_more_cnt)
                        min_backoff = rkb->rkb_ts_fetch +
                                      rd_kafka_broker_fetch_pause_ms(rkb) *
                                          1000;`,
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
  after('rdkafka_queue.c', '#include "rdkafka_interceptor.h"', INCLUDE),
  after('rdkafka_broker.c', '#include "rdkafka_fetcher.h"', INCLUDE),
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
