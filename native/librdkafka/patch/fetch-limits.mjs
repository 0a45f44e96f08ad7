// Fetch limits: the sizes of queues and fetches may change while the consumer runs, since partitions that
// are added to a topic take their share of one budget. The broker threads read them, so the reads are
// atomic (that of a queue's bytes is in fetch-share.mjs).
import { replace } from './edit.mjs'

const read = (limit) => `__atomic_load_n(&${limit}, __ATOMIC_RELAXED)`

export const fetchLimits = [
  replace(
    'rdkafka_fetcher.c',
    `        } else if (rd_kafka_q_len(rktp->rktp_fetchq) >=
                   rkb->rkb_rk->rk_conf.queued_min_msgs) {`,
    `        } else if (rd_kafka_q_len(rktp->rktp_fetchq) >=
                   ${read('rkb->rkb_rk->rk_conf.queued_min_msgs')}) {`,
  ),
  replace(
    'rdkafka_fetcher.c',
    'rkb->rkb_rk->rk_conf.fetch_max_bytes);',
    `${read('rkb->rkb_rk->rk_conf.fetch_max_bytes')});`,
  ),
  replace(
    'rdkafka_partition.c',
    `        rktp->rktp_fetch_msg_max_bytes =
            rkt->rkt_rk->rk_conf.fetch_msg_max_bytes;`,
    `        rktp->rktp_fetch_msg_max_bytes =
            ${read('rkt->rkt_rk->rk_conf.fetch_msg_max_bytes')};`,
  ),
]
