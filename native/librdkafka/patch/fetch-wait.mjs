// Fetch wait: a fetch in which a partition has more, or may have, may be kept for fetch.wait.max.ms. One
// of partitions that are all known to be at their ends is kept for another time, which may change while
// the consumer runs: short in the replay, else partitions that are begun to be fetched wait for those at
// their ends; hundreds of ms when live, else idle consumers cost CPU. What is done is in
// rdkafka_record_batch_fetch.c.
import { after, before, replace } from './edit.mjs'

export const fetchWait = [
  after(
    'rdkafka_fetcher.c',
    '#include "rdkafka_msgset.h"',
    '#include "rdkafka_record_batch_fetch.h"',
  ),
  before(
    'rdkafka_partition.h',
    '        int32_t rktp_fetch_msg_max_bytes; /* Max number of bytes to',
    `        int64_t rktp_end_offset; /* Where the log ended when that was told
                                  * last.
                                  * Locality: broker thread */
        rd_ts_t rktp_ts_end_offset; /* When it was. */`,
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
