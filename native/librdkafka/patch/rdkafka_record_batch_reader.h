/*
 * The record batch half of the MessageSet reader. Included once, by rdkafka_msgset_reader.c, after
 * its types: it is a part of that file that an upgrade of librdkafka does not touch.
 */

static rd_kafka_resp_err_t rd_kafka_msgset_reader_decompress(rd_kafka_msgset_reader_t *msetr,
                                                             int MsgVersion, int Attributes,
                                                             int64_t Timestamp, int64_t Offset,
                                                             const void *compressed,
                                                             size_t compressed_size);

/**
 * @brief Gives back what a decompressor allocated and did not use. lz4 allocates four times its
 *        input, which made a one-record batch hold 865 bytes instead of 538. Only for small
 *        batches: doing it for large ones fragments the arena (2.45 instead of 1.2 times the
 *        accounted bytes) and costs 20 % of the throughput.
 */
static void *rd_kafka_record_batch_shrink(void *records, size_t size) {
        return size <= 64 * 1024 ? rd_realloc(records, size) : records;
}

/**
 * @returns whether \p size bytes are most of the response: nothing else of it is worth freeing.
 */
static rd_bool_t rd_kafka_msgset_reader_is_most(const rd_kafka_msgset_reader_t *msetr,
                                                size_t size) {
        return size > 64 * 1024 && size >= msetr->msetr_rkbuf->rkbuf_totlen / 4 * 3;
}

/**
 * @brief Enqueues an op whose message has \p frame and \p payload.
 *
 * One that owns its payload refers to nothing else. One that refers to the fetch response pins the
 * whole of it, and counts as all of it: 6,800 one-byte batches of an undrained partition held 310
 * MB of their neighbour's data.
 *
 * @param owned \p payload was malloc'ed and is given away; otherwise it is in the response
 */
static rd_kafka_op_t *rd_kafka_msgset_reader_enq_op(rd_kafka_msgset_reader_t *msetr,
                                                    const rd_kafka_record_batch_frame_t *frame,
                                                    void *payload, size_t size, rd_bool_t owned) {
        const size_t held = owned ? size : msetr->msetr_rkbuf->rkbuf_totlen;
        rd_kafka_msg_t *rkm;
        /* The offset is the last one: librdkafka's next fetch offset is one more. */
        rd_kafka_op_t *rko = rd_kafka_op_new_fetch_msg(
            &rkm, msetr->msetr_rktp, msetr->msetr_tver->version, msetr->msetr_rkbuf,
            RD_KAFKA_FETCH_POS(frame->last_offset, frame->leader_epoch), 0, NULL, size, payload);

        if (owned) {
                rko->rko_u.fetch.rkbuf = NULL;
                rd_kafka_buf_destroy(msetr->msetr_rkbuf);
                rkm->rkm_flags |= RD_KAFKA_MSG_F_FREE;
        } else {
                rd_kafka_account_response_done(msetr->msetr_rkbuf);
        }

        /* A payload may have up to INT32_MAX bytes, the op's own come on top. */
        rko->rko_len       = (int32_t)RD_MIN(held + RD_KAFKA_RECORD_BATCH_OP_BYTES, INT32_MAX);
        rkm->rkm_broker_id = msetr->msetr_broker_id;
        rkm->rkm_u.consumer.record_batch = *frame;
        rd_kafka_q_enq(&msetr->msetr_rkq, rko);
        return rko;
}

#include "rdkafka_record_batch_coalesce.h"

/**
 * @brief Enqueues the record batch of the current v2 header.
 *
 * @param is_compressed whether \p records are
 * @param records       the records section, or NULL
 * @param owned         \p records was malloc'ed and is given away; otherwise it is in the response,
 *                      and copied unless it is most of that
 */
static void rd_kafka_msgset_reader_enq_record_batch(rd_kafka_msgset_reader_t *msetr, int8_t kind,
                                                    rd_bool_t is_compressed, void *records,
                                                    size_t size, rd_bool_t owned) {
        const struct msgset_v2_hdr *hdr           = msetr->msetr_v2_hdr;
        const rd_kafka_record_batch_frame_t frame = {
            .base_offset    = hdr->BaseOffset,
            .last_offset    = (int64_t)((uint64_t)hdr->BaseOffset + (uint64_t)hdr->LastOffsetDelta),
            .base_timestamp = hdr->BaseTimestamp,
            .max_timestamp  = hdr->MaxTimestamp,
            .record_count   = hdr->RecordCount,
            .leader_epoch   = hdr->PartitionLeaderEpoch,
            .attributes     = hdr->Attributes,
            .kind           = kind,
            .is_compressed  = is_compressed,
            .size           = (int32_t)size,
        };

        /* Counted with or without payload: without a message, a partial batch behind this one is
         * taken for an error and the partition backs off. */
        msetr->msetr_msgcnt++;
        msetr->msetr_msg_bytes += size;

        if (rd_kafka_msgset_reader_append_frame(msetr, &frame, records)) {
                if (owned)
                        rd_free(records);
                return;
        }
        if (owned)
                records = rd_kafka_record_batch_shrink(records, size);
        else if ((owned = !rd_kafka_msgset_reader_is_most(msetr, size)))
                records = memcpy(rd_malloc(size), records, size);
        rd_kafka_account_queued(rd_kafka_msgset_reader_enq_op(msetr, &frame, records, size, owned));
}

/**
 * @returns whether the current v2 header is of a transaction that was aborted.
 */
static rd_bool_t rd_kafka_msgset_reader_is_aborted(const rd_kafka_msgset_reader_t *msetr) {
        const struct msgset_v2_hdr *hdr = msetr->msetr_v2_hdr;
        int64_t start;

        if (!msetr->msetr_aborted_txns ||
            (hdr->Attributes &
             (RD_KAFKA_MSGSET_V2_ATTR_TRANSACTIONAL | RD_KAFKA_MSGSET_V2_ATTR_CONTROL)) !=
                RD_KAFKA_MSGSET_V2_ATTR_TRANSACTIONAL)
                return rd_false;

        start = rd_kafka_aborted_txns_get_offset(msetr->msetr_aborted_txns, hdr->PID);
        return start != -1 && hdr->BaseOffset >= start;
}

/**
 * @brief Enqueues the record batch of the current v2 header as it was on the wire.
 */
static void rd_kafka_msgset_reader_enq_compressed(rd_kafka_msgset_reader_t *msetr,
                                                  const void *records, size_t size) {
        rd_kafka_msgset_reader_enq_record_batch(msetr, RD_KAFKA_RECORD_BATCH_RECORDS, rd_true,
                                                (void *)records, size, rd_false);
}

/**
 * @brief Decompresses the record batch of the current v2 header, or leaves it as it is if it is
 *        not likely to have room.
 */
static rd_kafka_resp_err_t rd_kafka_msgset_reader_compressed(rd_kafka_msgset_reader_t *msetr,
                                                             const void *records, size_t size) {
        const struct msgset_v2_hdr *hdr = msetr->msetr_v2_hdr;
        /* Its own queue, which no other thread sees. */
        const int64_t room = msetr->msetr_room - msetr->msetr_rkq.rkq_qsize;
        rd_kafka_resp_err_t err;

        if (!rd_kafka_toppar_may_inflate(msetr->msetr_rktp, msetr->msetr_rkb,
                                         hdr->Attributes & RD_KAFKA_MSG_ATTR_COMPRESSION_MASK,
                                         records, size, room)) {
                rd_kafka_msgset_reader_enq_compressed(msetr, records, size);
                return RD_KAFKA_RESP_ERR_NO_ERROR;
        }
        msetr->msetr_rkb->rkb_inflate_room = (size_t)room;
        err = rd_kafka_msgset_reader_decompress(msetr, 2, hdr->Attributes, hdr->BaseTimestamp,
                                                hdr->BaseOffset, records, size);
        msetr->msetr_rkb->rkb_inflate_room = 0;
        return err;
}

/**
 * @brief Leaves what could not be decompressed, for \p err, as it is: whoever reads it says why, in
 *        one place, and has the records before the fault. They came or not, as there was room.
 */
static rd_bool_t rd_kafka_msgset_reader_leave_compressed(rd_kafka_msgset_reader_t *msetr,
                                                         rd_kafka_resp_err_t err,
                                                         const void *records, size_t size) {
        const size_t room = msetr->msetr_rkb->rkb_inflate_room;

        if (!room)
                return rd_false; /* messages, or a marker */
        if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
                rd_kafka_toppar_note_misfit(msetr->msetr_rktp, size, room);
        rd_kafka_msgset_reader_enq_compressed(msetr, records, size);
        return rd_true;
}

/**
 * @brief Reads the records section of the current v2 header, \p size bytes from here.
 *
 * Aborted batches are told before they are decompressed, not after as upstream does it.
 */
static rd_kafka_resp_err_t rd_kafka_msgset_reader_record_batch(rd_kafka_msgset_reader_t *msetr,
                                                               size_t size) {
        const struct msgset_v2_hdr *hdr = msetr->msetr_v2_hdr;
        const void *records             = NULL;

        if (size > 0) {
                records = rd_slice_ensure_contig(&msetr->msetr_rkbuf->rkbuf_reader, size);
                rd_assert(records);
        }

        if (rd_kafka_msgset_reader_is_aborted(msetr)) {
                msetr->msetr_aborted_cnt++;
                rd_kafka_msgset_reader_enq_record_batch(msetr, RD_KAFKA_RECORD_BATCH_ABORTED,
                                                        rd_false, NULL, 0, rd_false);
                return RD_KAFKA_RESP_ERR_NO_ERROR;
        }

        if (size > 0 && (hdr->Attributes & RD_KAFKA_MSG_ATTR_COMPRESSION_MASK))
                return rd_kafka_msgset_reader_compressed(msetr, records, size);

        rd_kafka_msgset_reader_enq_record_batch(msetr,
                                                hdr->Attributes & RD_KAFKA_MSGSET_V2_ATTR_CONTROL
                                                    ? RD_KAFKA_RECORD_BATCH_CONTROL
                                                    : RD_KAFKA_RECORD_BATCH_RECORDS,
                                                rd_false, (void *)records, size, rd_false);
        return RD_KAFKA_RESP_ERR_NO_ERROR;
}

/**
 * @brief Takes over what was decompressed, \p iov, if it is that of a record batch.
 *
 * The markers of a control batch are read as upstream reads them, since an abort marker ends its
 * producer's entry in the list of aborted transactions: without it the producer's next, committed
 * transaction in the same response is dropped. Only the marker's own op is left out.
 */
static rd_bool_t rd_kafka_msgset_reader_take_decompressed(rd_kafka_msgset_reader_t *msetr,
                                                          int MsgVersion, int Attributes,
                                                          size_t compressed_size,
                                                          const struct iovec *iov) {
        if (!msetr->msetr_record_batches || MsgVersion != 2 ||
            (Attributes & RD_KAFKA_MSGSET_V2_ATTR_CONTROL))
                return rd_false;
        rd_kafka_toppar_note_inflated(msetr->msetr_rktp, compressed_size, iov->iov_len);
        rd_kafka_msgset_reader_enq_record_batch(msetr, RD_KAFKA_RECORD_BATCH_RECORDS, rd_false,
                                                iov->iov_base, iov->iov_len, rd_true /*owned*/);
        return rd_true;
}

/**
 * @returns whether the current v2 header, with \p size bytes behind it, is of a record batch that
 * is not read further: any but a control batch with its marker.
 */
static rd_bool_t rd_kafka_msgset_reader_is_record_batch(const rd_kafka_msgset_reader_t *msetr,
                                                        size_t size) {
        return msetr->msetr_record_batches &&
               (size == 0 || !(msetr->msetr_v2_hdr->Attributes & RD_KAFKA_MSGSET_V2_ATTR_CONTROL));
}

/**
 * @brief The marker of a control batch has been read.
 */
static void rd_kafka_msgset_reader_enq_control(rd_kafka_msgset_reader_t *msetr) {
        if (msetr->msetr_record_batches)
                rd_kafka_msgset_reader_enq_record_batch(msetr, RD_KAFKA_RECORD_BATCH_CONTROL,
                                                        rd_false, NULL, 0, rd_false);
}

/**
 * @brief Enqueues a BAD_MSG error op for \p offset and counts it.
 *
 * @returns the error, which makes the fetcher back off.
 */
static rd_kafka_resp_err_t rd_kafka_msgset_reader_enq_bad_msg(rd_kafka_msgset_reader_t *msetr,
                                                              int64_t offset, const char *what) {
        rd_kafka_consumer_err(&msetr->msetr_rkq, msetr->msetr_broker_id, RD_KAFKA_RESP_ERR__BAD_MSG,
                              msetr->msetr_tver->version, NULL, msetr->msetr_rktp, offset,
                              "%s at offset %" PRId64, what, offset);
        rd_atomic64_add(&msetr->msetr_rkb->rkb_c.rx_err, 1);
        return RD_KAFKA_RESP_ERR__BAD_MSG;
}

/**
 * @returns what \p err is where a v2 record batch could not be read. A control batch that does not
 * parse upstream fetches again for ever, in silence.
 */
static rd_kafka_resp_err_t rd_kafka_msgset_reader_v2_err(rd_kafka_msgset_reader_t *msetr,
                                                         rd_kafka_resp_err_t err) {
        const struct msgset_v2_hdr *hdr = msetr->msetr_v2_hdr;

        if (!msetr->msetr_record_batches || !hdr ||
            !(hdr->Attributes & RD_KAFKA_MSGSET_V2_ATTR_CONTROL))
                return err;
        return rd_kafka_msgset_reader_enq_bad_msg(msetr, hdr->BaseOffset,
                                                  "Control record batch is malformed");
}

/**
 * @brief The response has been read, up to its end or to \p err.
 *
 * A negative or too large batch length, a batch that is always truncated, and a CRC error become an
 * op here: upstream is silent for ever.
 */
static rd_kafka_resp_err_t rd_kafka_msgset_reader_end(rd_kafka_msgset_reader_t *msetr,
                                                      rd_kafka_resp_err_t err) {
        rd_kafka_msgset_reader_close_frames(msetr);
        if (likely(!err) || !msetr->msetr_record_batches || rd_kafka_q_len(&msetr->msetr_rkq) > 0)
                return err;
        return rd_kafka_msgset_reader_enq_bad_msg(msetr,
                                                  msetr->msetr_rktp->rktp_offsets.fetch_pos.offset,
                                                  "Malformed or truncated record batch");
}
