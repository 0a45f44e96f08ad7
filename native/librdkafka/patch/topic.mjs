// Topic: what becomes of a partition whose topic is deleted, forbidden, or created again, or whose log
// is truncated.
import { before, replace } from './edit.mjs'

export const topic = [
  // Upstream enqueues an error that takes the way of client errors, past whoever reads the partition:
  // it stays silent for ever.
  before(
    'rdkafka_partition.c',
    `        rko           = rd_kafka_op_new(RD_KAFKA_OP_ERR);
        rko->rko_err  = err;
        rko->rko_rktp = rd_kafka_toppar_keep(rktp);

        rd_snprintf(buf, sizeof(buf), "%.*s [%" PRId32 "]: %s (%s)",`,
    `        if (rktp->rktp_rkt->rkt_rk->rk_conf.consume_record_batches) {
                rd_kafka_consumer_err(rktp->rktp_fetchq, RD_KAFKA_NODEID_UA,
                                      err, 0 /*never outdated*/, NULL, rktp,
                                      RD_KAFKA_OFFSET_INVALID, "%s: %s",
                                      rd_kafka_err2str(err), reason);
                return;
        }
`,
  ),
  // The same name, another topic: upstream goes on at the old position. The error is enqueued before
  // the new id can be fetched with, so no record of the new topic comes before it.
  before(
    'rdkafka_topic.c',
    `                if (different_topic_id ||
                    mdt->partition_cnt > rkt->rkt_partition_cnt)`,
    `                if (different_topic_id && rk->rk_conf.consume_record_batches &&
                    !RD_KAFKA_UUID_IS_ZERO(rkt->rkt_topic_id) &&
                    !RD_KAFKA_UUID_IS_ZERO(mdit->topic_id)) {
                        rd_kafka_toppar_t *rktp;

                        for (j = 0; j < rkt->rkt_partition_cnt; j++)
                                rd_kafka_toppar_enq_error(
                                    rkt->rkt_p[j],
                                    RD_KAFKA_RESP_ERR_INCONSISTENT_TOPIC_ID,
                                    "the topic was deleted and created again");
                        RD_LIST_FOREACH(rktp, &rkt->rkt_desp, j)
                        rd_kafka_toppar_enq_error(
                            rktp, RD_KAFKA_RESP_ERR_INCONSISTENT_TOPIC_ID,
                            "the topic was deleted and created again");
                }
`,
  ),
  // An unclean leader election: upstream tells of it in words alone, with the code of an offset that
  // retention removed.
  replace(
    'rdkafka_offset.c',
    `                /* Error, auto.offset.reset tells us to error out. */
                if (broker_id != RD_KAFKA_NODEID_UA)`,
    `                /* Error, auto.offset.reset tells us to error out. */
                if (err == RD_KAFKA_RESP_ERR__LOG_TRUNCATION &&
                    rktp->rktp_rkt->rkt_rk->rk_conf.consume_record_batches)
                        rd_kafka_consumer_err(rktp->rktp_fetchq, broker_id, err,
                                              0, NULL, rktp, err_pos.offset,
                                              "%s", reason);
                else if (broker_id != RD_KAFKA_NODEID_UA)`,
  ),
]
