// Fetch response: what upstream does about one that cannot be read is to ask again, in silence, for
// ever, and about one for a partition that was not asked for is to end the process. The C is in
// rdkafka_record_batch_response.h.
import { after, before, replace, within } from './edit.mjs'

export const fetchResponse = [
  replace(
    'rdkafka_fetcher.c',
    `        rd_kafka_assert(NULL, tver);
        if (tver->rktp != rktp || tver->version < fetch_version) {`,
    `        if (unlikely(!tver)) {
                /* Not asked for: no version tells whether it is outdated. */
                rd_kafka_buf_skip(rkbuf, hdr.MessageSetSize);
                goto done;
        }
        if (tver->rktp != rktp || tver->version < fetch_version ||
            tver->offset != rktp->rktp_offsets.fetch_pos.offset) {`,
  ),
  // What was asked for before the leader moved away and back, to a partition that another broker has
  // been read from meanwhile: the broker is the right one, and the version is the application's.
  after(
    'rdkafka_fetcher.c',
    '                tver->version = rktp->rktp_fetch_version;',
    '                tver->offset  = rktp->rktp_offsets.fetch_pos.offset;',
  ),
  before(
    'rdkafka_fetcher.c',
    `        /* If this is the last message of the queue,
         * signal EOF back to the application. */
        if (end_offset ==`,
    `        rd_kafka_toppar_fetch_note_err(rktp, hdr.ErrorCode);
        rd_kafka_toppar_fetch_note_end(rktp, hdr.ErrorCode, end_offset,
                                       hdr.MessageSetSize == 0);
`,
  ),
  // Not that of a broker which it is no longer fetched from.
  before(
    'rdkafka_partition.c',
    `        if (rktp->rktp_broker || rkb)
                rd_kafka_toppar_broker_migrate(rktp, rktp->rktp_broker, rkb);`,
    '        rktp->rktp_fetch_err = RD_KAFKA_RESP_ERR_NO_ERROR;',
  ),
  within(
    'rdkafka_broker.c',
    `                        err = RD_KAFKA_RESP_ERR__BAD_MSG;
                        rd_atomic64_add(&rkb->rkb_c.rx_err, 1);
                        goto err;
                }

                rkbuf->rkbuf_totlen -= 4; /*CorrId*/`,
    'RD_KAFKA_RESP_ERR__BAD_MSG',
    `rd_kafka_broker_response_size_err(
                            rkb, rkbuf->rkbuf_reshdr.Size)`,
  ),
  after(
    'rdkafka_fetcher.c',
    '                err = rd_kafka_fetch_reply_handle(rkb, reply, request);',
    '\n        rd_kafka_broker_fetch_note_read(rkb, err, request);',
  ),
]
