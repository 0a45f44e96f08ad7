// Fetch wait: fetch.wait.max.ms may change while the consumer runs (short in the replay, else
// partitions that are begun to be fetched wait for those at their ends; hundreds of ms when live, else
// idle consumers cost CPU). The broker threads read it, so the reads are atomic. A fetch that leaves a
// full partition out waits less (see fetch-resume.mjs), and one that looks for what cannot be read does
// not wait.
import { before, replace } from './edit.mjs'

const FETCH_WAIT = '__atomic_load_n(&rkb->rkb_rk->rk_conf.fetch_wait_max_ms, __ATOMIC_RELAXED)'

export const fetchWait = [
  before(
    'rdkafka_fetcher.c',
    `/**
 * @brief Build and send a Fetch request message for all underflowed toppars
 *        for a specific broker.
 *
 * @returns the number of partitions included in the FetchRequest, if any.`,
    `/**
 * @returns how long the broker may keep a fetch that finds nothing new.
 *
 * @locality broker thread
 */
static int rd_kafka_broker_fetch_wait_ms(const rd_kafka_broker_t *rkb) {
        const int wait =
            ${FETCH_WAIT};

        if (rkb->rkb_fetch_one_cnt)
                return 0;
        if (!rkb->rkb_fetch_leaves_out)
                return wait;
        if (!rkb->rkb_fetch_more_cnt)
                return 0;
        return RD_MIN(RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS, wait);
}

`,
  ),
  replace(
    'rdkafka_fetcher.c',
    '        rd_kafka_buf_write_i32(rkbuf, rkb->rkb_rk->rk_conf.fetch_wait_max_ms);',
    `        const int fetch_wait_max_ms =
            rd_kafka_broker_fetch_wait_ms(rkb);
        rd_kafka_buf_write_i32(rkbuf, fetch_wait_max_ms);`,
  ),
  // The same lines stand in the share fetch; what follows them tells the two apart.
  replace(
    'rdkafka_fetcher.c',
    `        if (rkb->rkb_rk->rk_conf.fetch_wait_max_ms >= 1000)
                rkbuf->rkbuf_flags |= RD_KAFKA_OP_F_BLOCKING;

        /* Use configured timeout */
        rd_kafka_buf_set_timeout(rkbuf,
                                 rkb->rkb_rk->rk_conf.socket_timeout_ms +
                                     rkb->rkb_rk->rk_conf.fetch_wait_max_ms,
                                 now);

        /* Sort toppar versions for quicker lookups in Fetch response. */`,
    `        if (fetch_wait_max_ms >= 1000)
                rkbuf->rkbuf_flags |= RD_KAFKA_OP_F_BLOCKING;

        /* Use configured timeout */
        rd_kafka_buf_set_timeout(rkbuf,
                                 rkb->rkb_rk->rk_conf.socket_timeout_ms +
                                     fetch_wait_max_ms,
                                 now);

        /* Sort toppar versions for quicker lookups in Fetch response. */`,
  ),
]
