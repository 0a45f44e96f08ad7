// Mock: the mock cluster as the demo and the tests need it. Upstream's keeps 5 MiB a partition, serves
// one record batch per fetch, answers every look-up by time with "none", and shows consumers neither
// the last stable offset nor aborted transactions. The C is in rdkafka_mock_log.c.
import { after, before, replace } from './edit.mjs'

export const mock = [
  replace(
    'Makefile',
    'rdkafka_mock.c rdkafka_mock_handlers.c',
    'rdkafka_mock.c rdkafka_mock_log.c rdkafka_mock_handlers.c',
  ),
  before(
    'rdkafka_mock_int.h',
    '#endif /* _RDKAFKA_MOCK_INT_H_ */',
    '#include "rdkafka_mock_log.h"\n',
  ),

  replace(
    'rdkafka_mock.c',
    `        mpart->max_size = 1024 * 1024 * 5;
        mpart->max_cnt  = 100000;`,
    `        mpart->max_size = RD_KAFKA_MOCK_LOG_MAX_BYTES;
        mpart->max_cnt  = RD_KAFKA_MOCK_LOG_MAX_CNT;`,
  ),

  after(
    'rdkafka_mock_int.h',
    '        struct rd_kafka_mock_msgset_tailq_s msgsets;',
    '        rd_kafka_mock_msgset_t *found; /**< Last one found in .msgsets, or NULL */',
  ),
  before(
    'rdkafka_mock.c',
    '        TAILQ_REMOVE(&mpart->msgsets, mset, link);',
    '        if (mpart->found == mset)\n                mpart->found = NULL;',
  ),
  replace(
    'rdkafka_mock.c',
    `        const rd_kafka_mock_msgset_t *mset;

        if (!on_follower &&
            (offset < mpart->start_offset`,
    `        if (!on_follower &&
            (offset < mpart->start_offset`,
  ),
  replace(
    'rdkafka_mock.c',
    `        /* FIXME: Maintain an index */

        TAILQ_FOREACH(mset, &mpart->msgsets, link) {
                if (mset->first_offset <= offset && offset <= mset->last_offset)
                        return mset;
        }

        return NULL;`,
    '        return rd_kafka_mock_log_find((rd_kafka_mock_partition_t *)mpart, offset);',
  ),

  // Ops are served after the wake-up bytes are thrown away. The other way round an op that came in
  // between lost its byte, and whoever asked for it waited for a second: one in fifty did.
  replace(
    'rdkafka_mock.c',
    `        /* Serve ops, if any */
        rd_kafka_q_serve(mcluster->ops, RD_POLL_NOWAIT, 0,
                         RD_KAFKA_Q_CB_CALLBACK, NULL, NULL);

        /* Handle IO events`,
    '        /* Handle IO events',
  ),
  replace(
    'rdkafka_mock.c',
    `                                         mcluster->handlers[i].opaque);
                r--;
        }

        return 0;`,
    `                                         mcluster->handlers[i].opaque);
                r--;
        }

        /* Serve ops, if any */
        rd_kafka_q_serve(mcluster->ops, RD_POLL_NOWAIT, 0,
                         RD_KAFKA_Q_CB_CALLBACK, NULL, NULL);

        return 0;`,
  ),

  // A fetch that waits is answered when something is written, as a broker does it; upstream's waits
  // its whole time in any case. It is answered empty, and the consumer asks again.
  after(
    'rdkafka_mock.c',
    '#include "rdkafka_transport_int.h"',
    `
static void
rd_kafka_mock_cluster_answer_fetches(rd_kafka_mock_cluster_t *mcluster);`,
  ),
  before(
    'rdkafka_mock.c',
    `/**
 * @brief Per-Connection IO handler
 */`,
    `static void
rd_kafka_mock_cluster_answer_fetches(rd_kafka_mock_cluster_t *mcluster) {
        rd_kafka_mock_broker_t *mrkb;
        rd_kafka_mock_connection_t *mconn;
        rd_kafka_buf_t *rkbuf;

        TAILQ_FOREACH(mrkb, &mcluster->brokers, link)
        TAILQ_FOREACH(mconn, &mrkb->connections, link)
        TAILQ_FOREACH(rkbuf, &mconn->outbufs.rkbq_bufs, rkbuf_link) {
                if (rkbuf->rkbuf_reqhdr.ApiKey != RD_KAFKAP_Fetch ||
                    !rkbuf->rkbuf_ts_retry)
                        continue;
                rkbuf->rkbuf_ts_retry = 0;
                rd_kafka_mock_cluster_io_set_events(
                    mcluster, mconn->transport->rktrans_s, POLLOUT);
        }
}

`,
  ),
  after(
    'rdkafka_mock.c',
    '        TAILQ_INSERT_TAIL(&mpart->msgsets, mset, link);',
    '        rd_kafka_mock_cluster_answer_fetches(mpart->topic->cluster);',
  ),

  // Markers with a CRC of 0 stop every consumer that checks it.
  before(
    'rdkafka_mock.c',
    `        bytes.len  = sizeof(buf);
        bytes.data = buf;`,
    `        /* Crc, of all from the attributes on */
        i32val = htobe32(rd_crc32c(0, buf + RD_KAFKAP_MSGSET_V2_OF_Attributes,
                                   sizeof(buf) -
                                       RD_KAFKAP_MSGSET_V2_OF_Attributes));
        memcpy(buf + RD_KAFKAP_MSGSET_V2_OF_CRC, &i32val, 4);
`,
  ),
  after('rdkafka_mock.c', '#include "rdkafka_transport_int.h"', '#include "crc32c.h"'),

  // The reply names the new leader, and upstream reads it where there is none.
  replace(
    'rdkafka_mock_handlers.c',
    `                            err == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION) {`,
    `                            err == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION &&
                            mpart->leader) {`,
  ),
  replace(
    'rdkafka_mock_handlers.c',
    `                            err == RD_KAFKA_RESP_ERR_NOT_LEADER_OR_FOLLOWER) {`,
    `                            err == RD_KAFKA_RESP_ERR_NOT_LEADER_OR_FOLLOWER &&
                            mpart->leader) {`,
  ),

  // Fetch
  replace(
    'rdkafka_mock_handlers.c',
    `                SessionId = -1, Epoch, TopicsCnt;
        int8_t IsolationLevel;
        size_t totsize = 0;

        int32_t tags_to_write[1]   = {0};`,
    `                SessionId = -1, Epoch, TopicsCnt;
        int8_t IsolationLevel = 0;
        size_t totsize = 0;

        int32_t tags_to_write[1]   = {0};`,
  ),
  before(
    'rdkafka_mock_handlers.c',
    `                        /* Find MessageSet for FetchOffset */
                        if (!err && FetchOffset != mpart->end_offset) {`,
    `                        const int64_t visible_end_offset =
                            !mpart ? -1
                            : IsolationLevel == 1 ? mpart->lso
                            : on_follower         ? mpart->follower_end_offset
                                                  : mpart->end_offset;
`,
  ),
  replace(
    'rdkafka_mock_handlers.c',
    `                                rd_kafka_buf_write_i64(
                                    resp, mpart ? mpart->end_offset : -1);
                        }

                        if (rkbuf->rkbuf_reqhdr.ApiVersion >= 5) {`,
    `                                rd_kafka_buf_write_i64(
                                    resp, mpart ? mpart->lso : -1);
                        }

                        if (rkbuf->rkbuf_reqhdr.ApiVersion >= 5) {`,
  ),
  replace(
    'rdkafka_mock_handlers.c',
    `                                /* Response: #Aborted */
                                rd_kafka_buf_write_arraycnt(resp, 0);`,
    `                                /* Response: #Aborted */
                                if (mset && IsolationLevel == 1)
                                        rd_kafka_mock_log_write_aborted(
                                            resp, mpart, FetchOffset);
                                else
                                        rd_kafka_buf_write_arraycnt(resp, 0);`,
  ),
  replace(
    'rdkafka_mock_handlers.c',
    `                        if (mset && partsize < (size_t)PartMaxBytes &&
                            totsize < (size_t)MaxBytes) {
                                /* Response: Records */
                                size_t written = rd_kafka_buf_write_kbytes(
                                    resp, &mset->bytes);
                                partsize += written;
                                totsize += written;

                                /* FIXME: Multiple messageSets ? */
                        } else {`,
    `                        if (mset && mset->last_offset < visible_end_offset &&
                            partsize < (size_t)PartMaxBytes &&
                            totsize < (size_t)MaxBytes) {
                                /* Response: Records */
                                size_t written = rd_kafka_mock_log_write_records(
                                    resp, mset, visible_end_offset,
                                    RD_MIN((size_t)PartMaxBytes,
                                           (size_t)MaxBytes - totsize));
                                partsize += written;
                                totsize += written;
                        } else {`,
  ),

  // ListOffsets
  replace(
    'rdkafka_mock_handlers.c',
    `        int32_t ReplicaId, TopicsCnt;
        int8_t IsolationLevel;

        rd_kafka_buf_read_i32(rkbuf, &ReplicaId);
        if (rkbuf->rkbuf_reqhdr.ApiVersion >= 2)`,
    `        int32_t ReplicaId, TopicsCnt;
        int8_t IsolationLevel = 0;

        rd_kafka_buf_read_i32(rkbuf, &ReplicaId);
        if (rkbuf->rkbuf_reqhdr.ApiVersion >= 2)`,
  ),
  replace(
    'rdkafka_mock_handlers.c',
    '                        int64_t Timestamp, Offset             = -1;',
    '                        int64_t Timestamp, Offset = -1, FoundTimestamp = -1;',
  ),
  replace(
    'rdkafka_mock_handlers.c',
    `                        /* Response: ErrorCode */
                        rd_kafka_buf_write_i16(resp, err);

                        if (!err && mpart) {
                                if (Timestamp == RD_KAFKA_OFFSET_BEGINNING)
                                        Offset = mpart->start_offset;
                                else if (Timestamp == RD_KAFKA_OFFSET_END)
                                        Offset = mpart->end_offset;
                                else if (Timestamp < 0)
                                        Offset = -1;
                                else /* FIXME: by timestamp */
                                        Offset = -1;
                        }
`,
    `                        if (!err && mpart) {
                                const int64_t visible_end_offset =
                                    IsolationLevel == 1 ? mpart->lso
                                                        : mpart->end_offset;

                                if (Timestamp == RD_KAFKA_OFFSET_BEGINNING)
                                        Offset = mpart->start_offset;
                                else if (Timestamp == RD_KAFKA_OFFSET_END)
                                        Offset = visible_end_offset;
                                else if (Timestamp < 0)
                                        err = RD_KAFKA_RESP_ERR_INVALID_REQUEST;
                                else
                                        err = rd_kafka_mock_log_offset_for_time(
                                            mpart, visible_end_offset, Timestamp,
                                            &Offset, &FoundTimestamp);
                        }

                        /* Response: ErrorCode */
                        rd_kafka_buf_write_i16(resp, err);
`,
  ),
  replace(
    'rdkafka_mock_handlers.c',
    `                                /* Response: Timestamp (FIXME) */
                                rd_kafka_buf_write_i64(resp, -1);`,
    `                                /* Response: Timestamp */
                                rd_kafka_buf_write_i64(resp, FoundTimestamp);`,
  ),
]
