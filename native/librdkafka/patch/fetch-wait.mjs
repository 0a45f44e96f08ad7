// Fetch wait: a fetch in which a partition has more, or may have, may be kept for fetch.wait.max.ms. One
// of partitions that are all known to be at their ends is kept for another time, which may change while
// the consumer runs: short in the replay, else partitions that are begun to be fetched wait for those at
// their ends; hundreds of ms when live, else idle consumers cost CPU. The C is in
// rdkafka_record_batch_fetch.h.
import { replace, within } from './edit.mjs'

const CONFIGURED = 'rkb->rkb_rk->rk_conf.fetch_wait_max_ms'

export const fetchWait = [
  replace(
    'rdkafka_fetcher.c',
    `        rd_kafka_buf_write_i32(rkbuf, ${CONFIGURED});`,
    `        const int fetch_wait_ms = rd_kafka_broker_fetch_wait_ms(rkb);
        rd_kafka_buf_write_i32(rkbuf, fetch_wait_ms);`,
  ),
  // The same lines stand in the share fetch; what is around them tells the two apart.
  within(
    'rdkafka_fetcher.c',
    `        if (rkb->rkb_rk->rk_conf.fetch_wait_max_ms >= 1000)
                rkbuf->rkbuf_flags |= RD_KAFKA_OP_F_BLOCKING;

        /* Use configured timeout */
        rd_kafka_buf_set_timeout(rkbuf,
                                 rkb->rkb_rk->rk_conf.socket_timeout_ms +
                                     rkb->rkb_rk->rk_conf.fetch_wait_max_ms,
                                 now);

        /* Sort toppar versions for quicker lookups in Fetch response. */`,
    `${CONFIGURED} >= 1000`,
    'fetch_wait_ms >= 1000',
  ),
  within(
    'rdkafka_fetcher.c',
    `                                     rkb->rkb_rk->rk_conf.fetch_wait_max_ms,
                                 now);

        /* Sort toppar versions for quicker lookups in Fetch response. */`,
    CONFIGURED,
    'fetch_wait_ms',
  ),
]
