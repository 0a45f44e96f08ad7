// Reader: where the MessageSet reader leaves the way of messages for that of record batches. What it
// does there is in rdkafka_record_batch_reader.h. README.md lists the fault behind each edit.
import { after, before, within } from './edit.mjs'

const FILE = 'rdkafka_msgset_reader.c'

export const reader = [
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
            !RD_KAFKA_IS_SHARE_CONSUMER(msetr->msetr_rkb->rkb_rk);
        msetr->msetr_room = rd_kafka_inflate_room(msetr->msetr_rkb, par_rkq);`,
  ),

  after(
    FILE,
    '        rd_assert(iov.iov_base);\n',
    `        if (rd_kafka_msgset_reader_take_decompressed(msetr, MsgVersion,
                                                     Attributes,
                                                     compressed_size, &iov))
                return RD_KAFKA_RESP_ERR_NO_ERROR;`,
  ),
  // Whoever reads a record batch says what is wrong in it.
  before(
    FILE,
    '        /* Enqueue error messsage:\n         * Create op and push on temporary queue. */',
    `        if (rd_kafka_msgset_reader_leave_compressed(msetr, err, compressed,
                                                    compressed_size))
                return RD_KAFKA_RESP_ERR_NO_ERROR;
`,
  ),

  // Control batches: the marker is read, its own op is left out.
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
        if (rd_kafka_msgset_reader_is_record_batch(msetr, payload_size)) {
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
    '        rd_kafka_msgset_reader_enq_control(msetr);\n',
  ),
  within(
    FILE,
    `err:
        msetr->msetr_v2_hdr = NULL;
        return err;`,
    'err:\n',
    'err:\n        err                 = rd_kafka_msgset_reader_v2_err(msetr, err);\n',
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
  within(
    FILE,
    '        LastOffset = hdr.BaseOffset + hdr.LastOffsetDelta;',
    'hdr.BaseOffset + hdr.LastOffsetDelta',
    `(int64_t)((uint64_t)hdr.BaseOffset +
                               (uint64_t)hdr.LastOffsetDelta)`,
  ),

  // A batch below the position: upstream steps back to its end in silence, or takes it for one that
  // does not fit. As any other batch it is told by its offsets.
  within(
    FILE,
    `        if (LastOffset < rktp->rktp_offsets.fetch_pos.offset &&
            !RD_KAFKA_IS_SHARE_CONSUMER(msetr->msetr_rkb->rkb_rk)) {`,
    'offset &&\n',
    'offset &&\n            !msetr->msetr_record_batches &&\n',
  ),

  // Unknown magic byte: upstream reports it once and steps over the offset, and then is silent.
  before(
    FILE,
    `                                msetr->msetr_rktp->rktp_offsets.fetch_pos
                                    .offset = Offset + 1;`,
    '                                if (!msetr->msetr_record_batches)',
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
  before(
    FILE,
    "        /* Concat all messages&errors onto the parent's queue",
    '        err = rd_kafka_msgset_reader_end(msetr, err);\n',
  ),
]
