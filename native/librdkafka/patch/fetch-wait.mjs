// Fetch wait: fetch.wait.max.ms may change while the consumer runs (short in the replay, else one
// drained partition waits for its idle neighbours; hundreds of ms when live, else idle consumers cost
// CPU). The broker threads read it, so the reads are atomic. A fetch that leaves a full partition
// out waits less (see fetch-resume.mjs).
import { after, replace } from './edit.mjs'

const FETCH_WAIT = '__atomic_load_n(&rkb->rkb_rk->rk_conf.fetch_wait_max_ms, __ATOMIC_RELAXED)'

export const fetchWait = [
  after('rdkafka_fetcher.c', '#include "rdkafka_fetcher.h"', '\n#include "rdkafka_record_batch.h"'),
  replace(
    'rdkafka_fetcher.c',
    '        rd_kafka_buf_write_i32(rkbuf, rkb->rkb_rk->rk_conf.fetch_wait_max_ms);',
    `        const int fetch_wait_max_ms =
            !rkb->rkb_fetch_leaves_out ? ${FETCH_WAIT}
            : rkb->rkb_fetch_has_more
                ? RD_MIN(RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS,
                         ${FETCH_WAIT})
                : 0;
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
