// Topic: what becomes of a partition whose topic is deleted, forbidden, or created again, or whose log
// is truncated. The C is in rdkafka_record_batch_topic.h.
import { before, within } from './edit.mjs'

export const topic = [
  // A leader that moves away and back before the partition has left its broker's thread: upstream sees it
  // with the right broker still, lets it leave, and from then on has it fetched from a broker that is not
  // its leader, for ever.
  within(
    'rdkafka_topic.c',
    `                if (rktp->rktp_broker == rkb) {
                        /* No change in broker */`,
    'rktp->rktp_broker == rkb',
    'rktp->rktp_broker == rkb && !rktp->rktp_next_broker',
  ),
  before(
    'rdkafka_partition.c',
    `        rko           = rd_kafka_op_new(RD_KAFKA_OP_ERR);
        rko->rko_err  = err;
        rko->rko_rktp = rd_kafka_toppar_keep(rktp);

        rd_snprintf(buf, sizeof(buf), "%.*s [%" PRId32 "]: %s (%s)",`,
    `        if (rd_kafka_toppar_enq_record_batch_error(rktp, err, reason))
                return;
`,
  ),
  before(
    'rdkafka_topic.c',
    `                if (different_topic_id ||
                    mdt->partition_cnt > rkt->rkt_partition_cnt)`,
    `                if (different_topic_id)
                        rd_kafka_topic_note_another_id(rkt, mdit->topic_id);
`,
  ),
  within(
    'rdkafka_offset.c',
    `                /* Error, auto.offset.reset tells us to error out. */
                if (broker_id != RD_KAFKA_NODEID_UA)`,
    'if (',
    `if (rd_kafka_toppar_enq_truncation(
                        rktp, err, broker_id, err_pos.offset, reason))
                        ; /* done */
                else if (`,
  ),
]
