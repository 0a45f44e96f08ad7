/*
 * See rdkafka_mock_log.h.
 */
#include "rdkafka_int.h"
#include "rdkafka_mock_int.h"
#include "rdkafka_proto.h"
#include "rdkafka_transport_int.h"
#include "crc32c.h"
#include "rdvarint.h"

const rd_kafka_mock_msgset_t *rd_kafka_mock_log_find(const rd_kafka_mock_partition_t *mpart,
                                                     int64_t offset) {
        rd_kafka_mock_msgset_t *first = TAILQ_FIRST(&mpart->msgsets);
        rd_kafka_mock_msgset_t *mset  = mpart->found;

        /* Readers go on where they were, so the last one found is near; a walk from the first one
         * makes a replay quadratic. */
        if (!mset || (first && offset - first->first_offset < mset->first_offset - offset))
                mset = first;
        while (mset && offset < mset->first_offset)
                mset = TAILQ_PREV(mset, rd_kafka_mock_msgset_tailq_s, link);
        while (mset && offset > mset->last_offset)
                mset = TAILQ_NEXT(mset, link);

        if (!mset || offset < mset->first_offset)
                return NULL;
        /* A mere note, of the mock cluster's own thread. */
        ((rd_kafka_mock_partition_t *)mpart)->found = mset;
        return mset;
}

void rd_kafka_mock_log_sign(unsigned char *batch, size_t size) {
        /* Of all from the attributes on. */
        const uint32_t crc = htobe32(rd_crc32c(0, batch + RD_KAFKAP_MSGSET_V2_OF_Attributes,
                                               size - RD_KAFKAP_MSGSET_V2_OF_Attributes));

        memcpy(batch + RD_KAFKAP_MSGSET_V2_OF_CRC, &crc, sizeof(crc));
}

void rd_kafka_mock_log_answer_fetches(rd_kafka_mock_cluster_t *mcluster) {
        rd_kafka_mock_broker_t *mrkb;
        rd_kafka_mock_connection_t *mconn;
        rd_kafka_buf_t *rkbuf;

        TAILQ_FOREACH(mrkb, &mcluster->brokers, link)
        TAILQ_FOREACH(mconn, &mrkb->connections, link)
        TAILQ_FOREACH(rkbuf, &mconn->outbufs.rkbq_bufs, rkbuf_link) {
                if (rkbuf->rkbuf_reqhdr.ApiKey != RD_KAFKAP_Fetch || !rkbuf->rkbuf_ts_retry)
                        continue;
                rkbuf->rkbuf_ts_retry = 0;
                rd_kafka_mock_cluster_io_set_events(mcluster, mconn->transport->rktrans_s, POLLOUT);
        }
}

static int64_t rd_kafka_mock_msgset_i64(const rd_kafka_mock_msgset_t *mset, size_t of) {
        int64_t v;
        memcpy(&v, (const char *)mset->bytes.data + of, sizeof(v));
        return be64toh(v);
}

/**
 * @brief Finds the first record of an uncompressed v2 \p mset at or past \p timestamp.
 *
 * @returns false if there is none.
 */
static rd_bool_t rd_kafka_mock_msgset_offset_for_time(const rd_kafka_mock_msgset_t *mset,
                                                      int64_t timestamp, int64_t *offsetp,
                                                      int64_t *timestampp) {
        const char *p      = (const char *)mset->bytes.data + RD_KAFKAP_MSGSET_V2_SIZE;
        const char *end    = (const char *)mset->bytes.data + mset->bytes.len;
        const int64_t base = rd_kafka_mock_msgset_i64(mset, RD_KAFKAP_MSGSET_V2_OF_BaseTimestamp);

        while (p < end) {
                int64_t length, timestamp_delta, offset_delta;
                const char *record, *field;
                size_t r;

                r = rd_varint_dec_i64(p, end - p, &length);
                if (RD_UVARINT_DEC_FAILED(r) || length < 1 || length > end - p - (int64_t)r)
                        return rd_false;
                record = p + r;
                p      = record + length;
                field  = record + 1 /* attributes */;

                r = rd_varint_dec_i64(field, p - field, &timestamp_delta);
                if (RD_UVARINT_DEC_FAILED(r))
                        return rd_false;
                field += r;
                r = rd_varint_dec_i64(field, p - field, &offset_delta);
                if (RD_UVARINT_DEC_FAILED(r))
                        return rd_false;

                if (base + timestamp_delta >= timestamp) {
                        *offsetp    = mset->first_offset + offset_delta;
                        *timestampp = base + timestamp_delta;
                        return rd_true;
                }
        }
        return rd_false;
}

/**
 * @brief Finds the first record below \p end_offset whose timestamp is at or past \p timestamp.
 */
static rd_kafka_resp_err_t rd_kafka_mock_log_offset_for_time(const rd_kafka_mock_partition_t *mpart,
                                                             int64_t end_offset, int64_t timestamp,
                                                             int64_t *offsetp,
                                                             int64_t *timestampp) {
        const rd_kafka_mock_msgset_t *mset;

        TAILQ_FOREACH(mset, &mpart->msgsets, link) {
                const char *data = mset->bytes.data;
                int16_t attributes;
                int64_t base, max;

                if (mset->first_offset >= end_offset)
                        break;
                if (data[RD_KAFKAP_MSGSET_V2_OF_MagicByte] < 2)
                        return RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT;

                max = rd_kafka_mock_msgset_i64(mset, RD_KAFKAP_MSGSET_V2_OF_MaxTimestamp);
                if (max < timestamp)
                        continue;

                memcpy(&attributes, data + RD_KAFKAP_MSGSET_V2_OF_Attributes, sizeof(attributes));
                attributes = be16toh(attributes);
                base       = rd_kafka_mock_msgset_i64(mset, RD_KAFKAP_MSGSET_V2_OF_BaseTimestamp);

                if (attributes & RD_KAFKA_MSG_ATTR_LOG_APPEND_TIME)
                        base = max;

                /* The base timestamp is the first record's, so it may decide without a look
                 * inside. */
                if (base >= timestamp) {
                        *offsetp    = mset->first_offset;
                        *timestampp = base;
                        return RD_KAFKA_RESP_ERR_NO_ERROR;
                }
                if (attributes & RD_KAFKA_MSG_ATTR_COMPRESSION_MASK)
                        return RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT;
                if (rd_kafka_mock_msgset_offset_for_time(mset, timestamp, offsetp, timestampp))
                        return RD_KAFKA_RESP_ERR_NO_ERROR;
        }

        *offsetp    = -1;
        *timestampp = -1;
        return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_mock_log_list_offset(const rd_kafka_mock_partition_t *mpart,
                                                  int8_t isolation_level, int64_t timestamp,
                                                  int64_t *offsetp, int64_t *timestampp) {
        const int64_t end = rd_kafka_mock_log_visible_end(mpart, isolation_level, rd_false);

        if (timestamp == RD_KAFKA_OFFSET_BEGINNING)
                *offsetp = mpart->start_offset;
        else if (timestamp == RD_KAFKA_OFFSET_END)
                *offsetp = end;
        else if (timestamp < 0)
                return RD_KAFKA_RESP_ERR_INVALID_REQUEST;
        else
                return rd_kafka_mock_log_offset_for_time(mpart, end, timestamp, offsetp,
                                                         timestampp);
        return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void rd_kafka_mock_log_write_aborted(rd_kafka_buf_t *resp, const rd_kafka_mock_partition_t *mpart,
                                     int64_t offset) {
        const rd_kafka_mock_aborted_txn_t *mabort;
        size_t cnt = 0;

        if (!mpart) {
                rd_kafka_buf_write_arraycnt(resp, 0);
                return;
        }
        TAILQ_FOREACH(mabort, &mpart->aborted_txns, link)
        cnt += mabort->last_offset >= offset;

        rd_kafka_buf_write_arraycnt(resp, cnt);
        TAILQ_FOREACH(mabort, &mpart->aborted_txns, link) {
                if (mabort->last_offset < offset)
                        continue;
                rd_kafka_buf_write_i64(resp, mabort->pid_id);
                rd_kafka_buf_write_i64(resp, mabort->first_offset);
                rd_kafka_buf_write_tags_empty(resp);
        }
}

size_t rd_kafka_mock_log_write_records(rd_kafka_buf_t *resp, const rd_kafka_mock_msgset_t *mset,
                                       int64_t end_offset, size_t max_bytes) {
        const rd_kafka_mock_msgset_t *last = mset, *next;
        size_t size                        = mset->bytes.len;

        while ((next = TAILQ_NEXT(last, link)) && next->last_offset < end_offset &&
               size + next->bytes.len <= max_bytes) {
                size += next->bytes.len;
                last = next;
        }

        /* Length of BYTES or COMPACT_BYTES */
        if (resp->rkbuf_flags & RD_KAFKA_OP_F_FLEXVER)
                rd_kafka_buf_write_uvarint(resp, size + 1);
        else
                rd_kafka_buf_write_i32(resp, (int32_t)size);
        for (;; mset = TAILQ_NEXT(mset, link)) {
                rd_kafka_buf_write(resp, mset->bytes.data, mset->bytes.len);
                if (mset == last)
                        return size;
        }
}
