// Settings: what may change while the consumer runs (rdkafka_record_batch_settings.h). The broker
// threads read it, so the reads are atomic.
//
// The sizes of queues and fetches do, since partitions that are added to a topic take their share of
// one budget. And enable.partition.eof does: in live each record that arrives is followed by an end of
// its partition, which wakes who reads for nothing.
import { within } from './edit.mjs'

/** What `anchor` reads of the configuration is read atomically. */
const readAtomically = (file, anchor, setting) =>
  within(
    file,
    anchor,
    setting,
    `__atomic_load_n(&${setting},\n                                    __ATOMIC_RELAXED)`,
  )

export const settings = [
  readAtomically(
    'rdkafka_fetcher.c',
    `        } else if (rd_kafka_q_len(rktp->rktp_fetchq) >=
                   rkb->rkb_rk->rk_conf.queued_min_msgs) {`,
    'rkb->rkb_rk->rk_conf.queued_min_msgs',
  ),
  readAtomically(
    'rdkafka_partition.c',
    `        rktp->rktp_fetch_msg_max_bytes =
            rkt->rkt_rk->rk_conf.fetch_msg_max_bytes;`,
    'rkt->rkt_rk->rk_conf.fetch_msg_max_bytes',
  ),
  readAtomically(
    'rdkafka_fetcher.c',
    '                if (rkb->rkb_rk->rk_conf.enable_partition_eof)',
    'rkb->rkb_rk->rk_conf.enable_partition_eof',
  ),
]
