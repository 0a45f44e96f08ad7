// Mock: the mock cluster as the demo and the tests need it. Upstream's keeps 5 MiB a partition, serves
// one record batch per fetch, answers every look-up by time with "none", and shows consumers neither
// the last stable offset nor aborted transactions. The C is in rdkafka_mock_log.h.
import { after, before, replace, within } from './edit.mjs'

const CLUSTER = 'rdkafka_mock.c'
const HANDLERS = 'rdkafka_mock_handlers.c'

const log = [
  before(
    'rdkafka_mock_int.h',
    '#endif /* _RDKAFKA_MOCK_INT_H_ */',
    '#include "rdkafka_mock_log.h"\n',
  ),
  replace(
    CLUSTER,
    `        mpart->max_size = 1024 * 1024 * 5;
        mpart->max_cnt  = 100000;`,
    `        mpart->max_size = RD_KAFKA_MOCK_LOG_MAX_BYTES;
        mpart->max_cnt  = RD_KAFKA_MOCK_LOG_MAX_CNT;`,
  ),
  before(
    CLUSTER,
    '        TAILQ_REMOVE(&mpart->msgsets, mset, link);',
    '        rd_kafka_mock_log_forget(mpart, mset);',
  ),
  replace(
    CLUSTER,
    `        /* FIXME: Maintain an index */

        TAILQ_FOREACH(mset, &mpart->msgsets, link) {
                if (mset->first_offset <= offset && offset <= mset->last_offset)
                        return mset;
        }

        return NULL;`,
    `        mset = rd_kafka_mock_log_find(mpart, offset);
        return mset;`,
  ),
  after(
    CLUSTER,
    '        TAILQ_INSERT_TAIL(&mpart->msgsets, mset, link);',
    '        rd_kafka_mock_log_answer_fetches(mpart->topic->cluster);',
  ),
  within(
    CLUSTER,
    `static void
rd_kafka_mock_cluster_io_set_events(`,
    'static void',
    'void',
  ),
  before(
    CLUSTER,
    `        bytes.len  = sizeof(buf);
        bytes.data = buf;`,
    '        rd_kafka_mock_log_sign(buf, sizeof(buf));\n',
  ),
]

// Ops are served after the wake-up bytes are thrown away. The other way round an op that came in
// between lost its byte, and whoever asked for it waited for a second: one in fifty did.
const OPS = `        /* Serve ops, if any */
        rd_kafka_q_serve(mcluster->ops, RD_POLL_NOWAIT, 0,
                         RD_KAFKA_Q_CB_CALLBACK, NULL, NULL);

`
const ops = [
  within(CLUSTER, `${OPS}        /* Handle IO events`, OPS, ''),
  within(
    CLUSTER,
    `                                         mcluster->handlers[i].opaque);
                r--;
        }

        return 0;`,
    '        return 0;',
    `${OPS}        return 0;`,
  ),
]

// The reply names the new leader, and upstream reads it where there is none.
const leader = ['NOT_LEADER_FOR_PARTITION', 'NOT_LEADER_OR_FOLLOWER'].map((err) =>
  within(
    HANDLERS,
    `                            err == RD_KAFKA_RESP_ERR_${err}) {`,
    ') {',
    ' &&\n                            mpart->leader) {',
  ),
)

const records = `                        if (mset && partsize < (size_t)PartMaxBytes &&
                            totsize < (size_t)MaxBytes) {
                                /* Response: Records */
                                size_t written = rd_kafka_buf_write_kbytes(
                                    resp, &mset->bytes);
                                partsize += written;
                                totsize += written;
`
const fetch = [
  within(
    HANDLERS,
    `                SessionId = -1, Epoch, TopicsCnt;
        int8_t IsolationLevel;
        size_t totsize = 0;

        int32_t tags_to_write[1]   = {0};`,
    'IsolationLevel;',
    'IsolationLevel = 0;',
  ),
  before(
    HANDLERS,
    `                        /* Find MessageSet for FetchOffset */
                        if (!err && FetchOffset != mpart->end_offset) {`,
    `                        const int64_t visible_end =
                            rd_kafka_mock_log_visible_end(
                                mpart, IsolationLevel, on_follower);
`,
  ),
  within(
    HANDLERS,
    `                                rd_kafka_buf_write_i64(
                                    resp, mpart ? mpart->end_offset : -1);
                        }

                        if (rkbuf->rkbuf_reqhdr.ApiVersion >= 5) {`,
    'mpart->end_offset',
    'mpart->lso',
  ),
  within(
    HANDLERS,
    `                                /* Response: #Aborted */
                                rd_kafka_buf_write_arraycnt(resp, 0);`,
    'rd_kafka_buf_write_arraycnt(resp, 0)',
    `rd_kafka_mock_log_write_aborted(
                                    resp,
                                    mset && IsolationLevel == 1 ? mpart : NULL,
                                    FetchOffset)`,
  ),
  within(
    HANDLERS,
    records,
    'mset &&',
    'mset && mset->last_offset < visible_end &&\n                           ',
  ),
  within(
    HANDLERS,
    records,
    `rd_kafka_buf_write_kbytes(
                                    resp, &mset->bytes)`,
    `rd_kafka_mock_log_write_records(
                                    resp, mset, visible_end,
                                    RD_MIN((size_t)PartMaxBytes,
                                           (size_t)MaxBytes - totsize))`,
  ),
]

const listOffsets = [
  within(
    HANDLERS,
    `        int32_t ReplicaId, TopicsCnt;
        int8_t IsolationLevel;

        rd_kafka_buf_read_i32(rkbuf, &ReplicaId);
        if (rkbuf->rkbuf_reqhdr.ApiVersion >= 2)`,
    'IsolationLevel;',
    'IsolationLevel = 0;',
  ),
  within(
    HANDLERS,
    '                        int64_t Timestamp, Offset             = -1;',
    'Offset             = -1',
    'Offset = -1, FoundTimestamp = -1',
  ),
  replace(
    HANDLERS,
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
    `                        if (!err && mpart)
                                err = rd_kafka_mock_log_list_offset(
                                    mpart, IsolationLevel, Timestamp, &Offset,
                                    &FoundTimestamp);

                        /* Response: ErrorCode */
                        rd_kafka_buf_write_i16(resp, err);
`,
  ),
  replace(
    HANDLERS,
    `                                /* Response: Timestamp (FIXME) */
                                rd_kafka_buf_write_i64(resp, -1);`,
    `                                /* Response: Timestamp */
                                rd_kafka_buf_write_i64(resp, FoundTimestamp);`,
  ),
]

export const mock = [...log, ...ops, ...leader, ...fetch, ...listOffsets]
