// Fetch share: what each partition gets of a response. The C is in rdkafka_record_batch_share.h.
import { after, before, within } from './edit.mjs'

export const fetchShare = [
  before(
    'rdkafka_fetcher.c',
    '        /* Round-robin start of the list. */',
    '        rd_kafka_broker_fetch_begin(rkb);\n',
  ),
  within(
    'rdkafka_fetcher.c',
    '                rd_kafka_buf_write_i32(rkbuf, rktp->rktp_fetch_msg_max_bytes);',
    'rktp->rktp_fetch_msg_max_bytes',
    'rd_kafka_toppar_fetch_size(rkb, rktp)',
  ),
  within(
    'rdkafka_fetcher.c',
    'rkb->rkb_rk->rk_conf.fetch_max_bytes);',
    'rkb->rkb_rk->rk_conf.fetch_max_bytes',
    'rd_kafka_broker_fetch_max_bytes(rkb)',
  ),
  after(
    'rdkafka_broker.c',
    `                TAILQ_INSERT_TAIL(&rkb->rkb_toppars, rktp, rktp_rkblink);
                rkb->rkb_toppar_cnt++;`,
    '                rd_kafka_broker_note_partitions(rkb, 1);',
  ),
  after(
    'rdkafka_broker.c',
    `                TAILQ_REMOVE(&rkb->rkb_toppars, rktp, rktp_rkblink);
                rkb->rkb_toppar_cnt--;`,
    '                rd_kafka_broker_note_partitions(rkb, -1);',
  ),
  // One alone, after a response that could not be read: fetch-response.mjs.
  within(
    'rdkafka_fetcher.c',
    `                cnt++;
        } while ((rktp = CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                           rktp_activelink)) !=
                 rkb->rkb_active_toppar_next);`,
    'rkb->rkb_active_toppar_next',
    'rkb->rkb_active_toppar_next && !rkb->rkb_fetch_one',
  ),
  within(
    'rdkafka_fetcher.c',
    `            rkb, rktp ? CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                          rktp_activelink)
                      : NULL);

        rd_rkb_dbg(rkb, FETCH, "FETCH", "Fetch %i/%i/%i toppar(s)", cnt,`,
    `rktp ? CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                          rktp_activelink)
                      : NULL`,
    'rd_kafka_broker_fetch_next(rkb, rktp)',
  ),
  before(
    'rdkafka_fetcher.c',
    '        err = rd_kafka_msgset_parse(rkbuf, request, rktp, aborted_txns, tver);',
    '        rd_kafka_toppar_fetch_served(rkb, rktp, &rkbuf->rkbuf_reader);',
  ),
  within(
    'rdkafka_fetcher.c',
    `        if (unlikely(hdr.MessageSetSize <= 0))
                goto done;

        /**
         * Parse MessageSet`,
    `)
                goto done;`,
    `) {
                rd_kafka_toppar_fetch_not_served(rkb, rktp, end_offset);
                goto done;
        }`,
  ),
  within(
    'rdkafka_fetcher.c',
    `        } else if ((int64_t)rd_kafka_q_size(rktp->rktp_fetchq) >=
                   rkb->rkb_rk->rk_conf.queued_max_msg_bytes) {`,
    'rkb->rkb_rk->rk_conf.queued_max_msg_bytes',
    'rd_kafka_toppar_queue_size(rkb, rktp)',
  ),
]
