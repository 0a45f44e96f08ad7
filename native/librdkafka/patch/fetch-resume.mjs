// Fetch resume: a partition whose queue is full is fetched again as soon as the consumer has made
// room. The C, and why it is so, is in rdkafka_record_batch_queue.h and rdkafka_record_batch_fetch.h.
import { after, before, replace, within } from './edit.mjs'

/** Where upstream has a partition wait since its queue is full. */
const isFull = (reason) =>
  within(
    'rdkafka_fetcher.c',
    `                reason     = "${reason}";
                ts_backoff = rd_kafka_toppar_fetch_backoff(
                    rkb, rktp, RD_KAFKA_RESP_ERR__QUEUE_FULL);`,
    `rd_kafka_toppar_fetch_backoff(
                    rkb, rktp, RD_KAFKA_RESP_ERR__QUEUE_FULL)`,
    'rd_kafka_toppar_fetch_note_full(rktp, rkb)',
  )

export const fetchResume = [
  isFull('queued.min.messages exceeded'),
  isFull('queued.max.messages.kbytes exceeded'),
  before(
    'rdkafka_fetcher.c',
    `        /* Copy offset stats to finalized place holder. */
        rktp->rktp_offsets_fin = rktp->rktp_offsets;

        if (rktp->rktp_fetch != should_fetch) {`,
    `        if (should_fetch)
                rd_kafka_toppar_fetch_note_asked(rktp, rkb);
`,
  ),
  within(
    'rdkafka_broker.c',
    `                /* Serve toppars */
                min_backoff = rd_kafka_broker_consumer_toppars_serve(rkb);`,
    `                min_backoff = rd_kafka_broker_consumer_toppars_serve(rkb);`,
    `                rd_kafka_broker_fetch_note_none(rkb);
                min_backoff = rd_kafka_broker_fetch_pause_until(
                    rkb, rd_kafka_broker_consumer_toppars_serve(rkb), now);`,
  ),
  replace(
    'rdkafka_fetcher.c',
    '        rkb->rkb_fetching = 1;',
    '        rd_kafka_broker_fetch_note_sent(rkb, now);',
  ),
  replace('rdkafka_fetcher.c', '        rkb->rkb_fetching = 0;\n', ''),
  after(
    'rdkafka_fetcher.c',
    `                rd_kafka_broker_fetch_backoff(rkb, err);
                /* FALLTHRU */
        }`,
    '        rd_kafka_broker_fetch_note_done(rkb);',
  ),
  within(
    'rdkafka_queue.c',
    `                             rd_kafka_fetch_pos_cmp(&pos, &rktp->rktp_app_pos) >
                                 0))
                        rd_kafka_update_app_pos(rk, rktp, pos, RD_DO_LOCK);`,
    `)
                        rd_kafka_update_app_pos(rk, rktp, pos, RD_DO_LOCK);`,
    `) {
                        rd_kafka_update_app_pos(rk, rktp, pos, RD_DO_LOCK);
                        rd_kafka_toppar_fetch_resume(rktp);
                }`,
  ),
]
