// Partition EOF: enable.partition.eof may change while the consumer runs. In live each record that
// arrives is followed by an end of its partition, which wakes who reads for nothing. The broker threads
// read it, so the read is atomic.
import { replace } from './edit.mjs'

export const partitionEof = [
  replace(
    'rdkafka_fetcher.c',
    '                if (rkb->rkb_rk->rk_conf.enable_partition_eof)',
    `                if (__atomic_load_n(&rkb->rkb_rk->rk_conf.enable_partition_eof,
                                    __ATOMIC_RELAXED))`,
  ),
]
