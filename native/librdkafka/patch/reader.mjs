// Reader: where the MessageSet reader leaves the way of messages for that of record batches. What it
// does there is C, in rdkafka_record_batch_reader.h. README.md lists the fault behind each edit.
import { after, before, replace } from './edit.mjs'

const FILE = 'rdkafka_msgset_reader.c'

export const reader = [
  after(FILE, '#include "rdkafka_lz4.h"', '#include "rdkafka_record_batch.h"'),
  after(
    FILE,
    '        rd_kafka_compression_t msetr_compression; /**< Compression codec */',
    `
        rd_bool_t msetr_record_batches; /**< Enqueue v2 record batches, not
                                         *   their messages. */
        rd_kafka_op_t *msetr_frames;    /**< Op in msetr_rkq that takes more
                                         *   small record batches, or NULL. */`,
  ),
  after(
    FILE,
    `static rd_kafka_resp_err_t
rd_kafka_msgset_reader_msgs_v2(rd_kafka_msgset_reader_t *msetr);`,
    '\n#include "rdkafka_record_batch_reader.h"',
  ),
  after(
    FILE,
    '        msetr->msetr_broker_id    = rd_kafka_broker_id(msetr->msetr_rkb);',
    `        msetr->msetr_record_batches =
            msetr->msetr_rkb->rkb_rk->rk_conf.consume_record_batches &&
            !RD_KAFKA_IS_SHARE_CONSUMER(msetr->msetr_rkb->rkb_rk);`,
  ),

  // Decompressed to nothing: upstream runs into an assertion of the slice code and aborts the
  // process, for any codec, although the batch's CRC is right. Too large: codecs.mjs.
  replace(
    FILE,
    '        rd_assert(iov.iov_base);',
    `        if (unlikely(iov.iov_len == 0 || iov.iov_len > max_size)) {
                if (iov.iov_base)
                        rd_free(iov.iov_base);
                err = iov.iov_len == 0 ? RD_KAFKA_RESP_ERR__BAD_COMPRESSION
                                       : RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
                goto err;
        }

        rd_assert(iov.iov_base);

        if (msetr->msetr_record_batches && MsgVersion == 2 &&
            !(Attributes & RD_KAFKA_MSGSET_V2_ATTR_CONTROL)) {
                rd_kafka_msgset_reader_enq_record_batch(
                    msetr, RD_KAFKA_RECORD_BATCH_RECORDS, iov.iov_base,
                    iov.iov_len, rd_true /*owned*/);
                return RD_KAFKA_RESP_ERR_NO_ERROR;
        }`,
  ),

  // The markers of a control batch are read as upstream reads them, since an abort marker ends its
  // producer's entry in the list of aborted transactions: without it the producer's next,
  // committed transaction in the same response is dropped. Only the marker's own op is left out.
  before(
    FILE,
    '                rko = rd_kafka_op_new_ctrl_msg(rktp, msetr->msetr_tver->version,',
    `                if (msetr->msetr_record_batches)
                        return RD_KAFKA_RESP_ERR_NO_ERROR;
`,
  ),
  after(
    FILE,
    '        msetr->msetr_v2_hdr = &hdr;',
    `
        if (msetr->msetr_record_batches &&
            (payload_size == 0 ||
             !(hdr.Attributes & RD_KAFKA_MSGSET_V2_ATTR_CONTROL))) {
                err = rd_kafka_msgset_reader_record_batch(msetr, payload_size);
                if (err)
                        goto err;
                goto done;
        }`,
  ),
  before(
    FILE,
    `done:
        /* Set the next fetch offset to the MessageSet header's last offset + 1`,
    `        if (msetr->msetr_record_batches)
                rd_kafka_msgset_reader_enq_record_batch(
                    msetr, RD_KAFKA_RECORD_BATCH_CONTROL, NULL, 0, rd_false);
`,
  ),
  // A control batch that does not parse: upstream fetches it again for ever, in silence.
  replace(
    FILE,
    `err:
        msetr->msetr_v2_hdr = NULL;
        return err;`,
    `err:
        if (msetr->msetr_record_batches && msetr->msetr_v2_hdr &&
            (hdr.Attributes & RD_KAFKA_MSGSET_V2_ATTR_CONTROL))
                err = rd_kafka_msgset_reader_enq_bad_msg(
                    msetr, hdr.BaseOffset, "Control record batch is malformed");
        msetr->msetr_v2_hdr = NULL;
        return err;`,
  ),

  // CRC error: upstream goes on at a length that it takes for a position, reads garbage as a header
  // and takes its next fetch offset from it. Stop instead: the offset stays at the bad batch.
  before(
    FILE,
    '                                /* Skip to end of MessageSet */\n                                /**',
    `                                if (msetr->msetr_record_batches) {
                                        rd_atomic64_add(
                                            &msetr->msetr_rkb->rkb_c.rx_err, 1);
                                        return RD_KAFKA_RESP_ERR__BAD_MSG;
                                }
`,
  ),

  // A base offset near the largest: the sum wraps, and the batch is refused for what it says then.
  replace(
    FILE,
    '        LastOffset = hdr.BaseOffset + hdr.LastOffsetDelta;',
    `        LastOffset = (int64_t)((uint64_t)hdr.BaseOffset +
                               (uint64_t)hdr.LastOffsetDelta);`,
  ),

  // A batch below the position: upstream steps back to its end in silence, or takes it for one that
  // does not fit. As any other batch it is told by its offsets.
  replace(
    FILE,
    `        if (LastOffset < rktp->rktp_offsets.fetch_pos.offset &&
            !RD_KAFKA_IS_SHARE_CONSUMER(msetr->msetr_rkb->rkb_rk)) {`,
    `        if (LastOffset < rktp->rktp_offsets.fetch_pos.offset &&
            !msetr->msetr_record_batches &&
            !RD_KAFKA_IS_SHARE_CONSUMER(msetr->msetr_rkb->rkb_rk)) {`,
  ),

  // Unknown magic byte: upstream reports it once and steps over the offset, and then is silent.
  replace(
    FILE,
    `                                /* Skip message(set) */
                                msetr->msetr_rktp->rktp_offsets.fetch_pos
                                    .offset = Offset + 1;`,
    `                                /* Skip message(set) */
                                if (!msetr->msetr_record_batches)
                                        msetr->msetr_rktp->rktp_offsets
                                            .fetch_pos.offset = Offset + 1;`,
  ),

  // Less than a header, in every response: brokers since 0.10.1 give a whole batch, however large, so
  // it is not one that does not fit as upstream says.
  before(
    FILE,
    '                } else if (!err && msetr->msetr_aborted_cnt == 0) {',
    `                } else if (!err && msetr->msetr_record_batches) {
                        err = RD_KAFKA_RESP_ERR__BAD_MSG; /* op: see below */
`,
  ),

  // A negative or too large batch length, or a batch that is always truncated: upstream is silent
  // for ever.
  before(
    FILE,
    "        /* Concat all messages&errors onto the parent's queue",
    `        rd_kafka_msgset_reader_close_frames(msetr);
        if (msetr->msetr_record_batches && unlikely(err) &&
            rd_kafka_q_len(&msetr->msetr_rkq) == 0)
                err = rd_kafka_msgset_reader_enq_bad_msg(
                    msetr, rktp->rktp_offsets.fetch_pos.offset,
                    "Malformed or truncated record batch");
`,
  ),
]
