// Conf: the property that switches record batches on. Off by default, so that every other consumer
// of the same library behaves as upstream's.
import { before } from './edit.mjs'

export const conf = [
  before(
    'rdkafka_conf.c',
    '    {_RK_GLOBAL | _RK_CONSUMER | _RK_MED, "fetch.queue.backoff.ms", _RK_C_INT,',
    `    {_RK_GLOBAL | _RK_CONSUMER, "consume.record.batches", _RK_C_BOOL,
     _RK(consume_record_batches),
     "Deliver v2 record batches as they are, checked and decompressed but not "
     "decoded, instead of messages. See rdkafka_record_batch.h. Not supported "
     "for share consumers.",
     0, 1, 0},`,
  ),
]
