/*
 * Coalescing: small record batches of one partition and one fetch response share one op. Included
 * once, by rdkafka_record_batch_reader.h.
 *
 * An op costs about 400 bytes and 300 ns. Topics with one record in a batch, which producers
 * without linger write, gained only a fifth from one op per batch; coalesced they gain a factor of
 * two. Nothing waits for it: an op is handed over when its response has been read.
 */

#define RD_KAFKA_RECORD_BATCH_SMALL_BYTES  (8 * 1024)
#define RD_KAFKA_RECORD_BATCH_FRAMES_BYTES (64 * 1024)

/**
 * @brief No more frames go into the open op: gives back what it did not use.
 */
static void rd_kafka_msgset_reader_close_frames(rd_kafka_msgset_reader_t *msetr) {
        rd_kafka_msg_t *rkm;

        if (!msetr->msetr_frames)
                return;
        rkm                                   = &msetr->msetr_frames->rko_u.fetch.rkm;
        rkm->rkm_payload                      = rd_realloc(rkm->rkm_payload, rkm->rkm_len);
        rkm->rkm_u.consumer.record_batch.kind = RD_KAFKA_RECORD_BATCH_FRAMES;
        rd_kafka_account_queued(msetr->msetr_frames);
        msetr->msetr_frames = NULL;
}

/**
 * @brief Appends a record batch to the open op, or to a new one.
 *
 * @returns false, and does nothing, if the record batch is too large for it.
 */
static rd_bool_t rd_kafka_msgset_reader_append_frame(rd_kafka_msgset_reader_t *msetr,
                                                     const rd_kafka_record_batch_frame_t *frame,
                                                     const void *records) {
        const size_t size = rd_kafka_record_batch_frame_bytes(frame);
        rd_kafka_op_t *rko;
        rd_kafka_msg_t *rkm;
        char *to;

        if (frame->size > RD_KAFKA_RECORD_BATCH_SMALL_BYTES)
                return rd_false;

        /* Only the last op of the response may grow, else the order of the offsets is lost. */
        rko = msetr->msetr_frames;
        if (rko && (rko != TAILQ_LAST(&msetr->msetr_rkq.rkq_q, rd_kafka_op_tailq) ||
                    rko->rko_u.fetch.rkm.rkm_len + size > RD_KAFKA_RECORD_BATCH_FRAMES_BYTES))
                rd_kafka_msgset_reader_close_frames(msetr);

        if (!msetr->msetr_frames) {
                msetr->msetr_frames = rd_kafka_msgset_reader_enq_op(
                    msetr, frame, rd_malloc(RD_KAFKA_RECORD_BATCH_FRAMES_BYTES), 0, rd_true);
                /* Until it is closed it is of no kind, and in no account. */
                msetr->msetr_frames->rko_u.fetch.rkm.rkm_u.consumer.record_batch.kind = 0;
        }

        rko = msetr->msetr_frames;
        rkm = &rko->rko_u.fetch.rkm;
        to  = (char *)rkm->rkm_payload + rkm->rkm_len;
        memcpy(to, frame, sizeof(*frame));
        if (frame->size > 0)
                memcpy(to + sizeof(*frame), records, frame->size);

        rkm->rkm_len += size;
        rkm->rkm_offset                  = frame->last_offset;
        rkm->rkm_u.consumer.leader_epoch = frame->leader_epoch;
        /* The op is in the reader's own queue already, which no other thread sees. */
        rko->rko_len += (int32_t)size;
        msetr->msetr_rkq.rkq_qsize += size;
        return rd_true;
}
