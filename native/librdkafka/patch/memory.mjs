// Memory: the account of a client's (rdkafka_record_batch_account.h), at the places where a response
// or an op begins and ends. README.md lists the fault behind it.
import { after, before } from './edit.mjs'

export const memory = [
  // rd_calloc makes both structs.
  after(
    'rdkafka_int.h',
    '        int rk_topic_cnt;',
    '        rd_kafka_record_batch_account_t rk_account;',
  ),
  after(
    'rdkafka_buf.h',
    `        size_t rkbuf_totlen; /* recv: total expected length,
                              * send: not used */`,
    `        rd_kafka_record_batch_account_t *rkbuf_account; /* a response is in,
                                                         * or NULL */`,
  ),
  after(
    'rdkafka_broker.c',
    `                        rd_buf_write_ensure_contig(&rkbuf->rkbuf_buf,
                                                   rkbuf->rkbuf_totlen);`,
    '                        rd_kafka_account_response(&rkb->rkb_rk->rk_account, rkbuf);',
  ),
  before(
    'rdkafka_buf.c',
    '        rd_buf_destroy(&rkbuf->rkbuf_buf);',
    '        rd_kafka_account_response_done(rkbuf);',
  ),
  after(
    'rdkafka_msg.c',
    '                /* Use embedded rkmessage */',
    '                rd_kafka_account_taken(rko);',
  ),
  before(
    'rdkafka_op.c',
    '                rd_kafka_msg_destroy(NULL, &rko->rko_u.fetch.rkm);',
    '                rd_kafka_account_op_destroy(rko);',
  ),
]
