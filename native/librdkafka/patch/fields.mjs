// Fields: what librdkafka's structs hold for the patch. README.md says what the rules are that need
// them.
import { after, before } from './edit.mjs'

export const fields = [
  after(
    'rdkafka_conf.h',
    '        int fetch_queue_backoff_ms;',
    `        int consume_record_batches;
        int fetch_alone_bytes;     /* 0: no more than the other limits say */
        int64_t inflated_max_bytes; /* 0: all is decompressed */
        int64_t held_max_bytes; /* 0: no limit but those of the queues */
        int64_t responses_max_bytes; /* 0: no more than the other limits say */
        int fetch_wait_at_ends_ms; /* 0: as any fetch */`,
  ),
  after(
    'rdkafka_int.h',
    '        rd_atomic32_t rk_simple_cnt;',
    `        rd_atomic32_t rk_leader_cnt; /**< So many brokers have partitions. */
        rd_atomic32_t rk_waits_for_room; /**< A partition is not fetched until
                                          *   less is held. */`,
  ),
  after(
    'rdkafka_broker.h',
    '        rd_ts_t rkb_ts_fetch_backoff;',
    `        rd_ts_t rkb_ts_throttled; /**< It reads nothing until then. Atomic. */
        int rkb_fetch_resumed; /**< A full queue has got room since the last
                                *   fetch. Atomic. */
        void *rkb_zstd_dctx; /**< ZSTD_DCtx, or NULL. Broker thread only. */
        size_t rkb_inflate_room; /**< what the record batch that is being
                                  *   decompressed may become, since there is
                                  *   no room for more; 0: there is. Broker
                                  *   thread only. */

        /* Broker thread only, of the next fetch: */
        int64_t rkb_fetch_room; /**< so many bytes more may be held, 1 at
                                 *   least */
        rd_bool_t rkb_fetch_is_held; /**< so much is held that a partition of
                                      *   which anything is has to wait */
        rd_bool_t rkb_fetch_leaves_out; /**< a partition is not asked for,
                                         *   since its queue is full */
        int rkb_fetch_more_cnt; /**< so many partitions are asked for that are
                                 *   not known to be at their ends */
        rd_bool_t rkb_fetch_may_have_more; /**< one of them has records that
                                            *   it can ask for, or may have */
        int rkb_fetch_one_cnt; /**< So many fetches ask for one partition
                                *   each, since a response could not be read. */

        /* Broker thread only, of the last fetch: */
        rd_ts_t rkb_ts_fetch;    /**< when it was sent */
        rd_bool_t rkb_fetch_one; /**< it asks for one partition */
        int rkb_fetch_least; /**< what each partition that may have more may
                              *   bring, whatever its own limit says */
        rd_kafka_toppar_t *rkb_fetch_first; /**< its first, to compare with
                                             *   alone */
        rd_bool_t rkb_fetch_left_out_one; /**< the response had nothing of a
                                           *   partition that has more */`,
  ),
  before(
    'rdkafka_partition.h',
    '        int32_t rktp_fetch_msg_max_bytes; /* Max number of bytes to',
    `        rd_kafka_resp_err_t rktp_fetch_err; /* Of the last response.
                                             * Locks: rktp_lock */
        rd_atomic32_t rktp_held_ops; /* With record batches, queued and with the
                                      * application. */
        rd_bool_t rktp_fetch_queue_full; /* Not fetched, for its queue is
                                          * full.
                                          * Locks: rktp_lock */
        /* Locality of these: broker thread */
        rd_bool_t rktp_fetch_at_end; /* The last response had nothing, since
                                      * there was nothing. */
        int rktp_batch_bytes; /* The largest of the last record batches that
                               * began a response, about; 0: none came. */
        double rktp_inflation; /* How many times larger the last compressed
                                * record batch became, about; 0: none was
                                * decompressed. */
        double rktp_misfit; /* How many times larger others would become, at
                             * least: one did not fit its room. 0: the last
                             * one did. */
        int64_t rktp_end_offset; /* Where the log ended when that was told
                                  * last. */
        rd_ts_t rktp_ts_end_offset; /* When it was. */
`,
  ),
  after(
    'rdkafka_partition.h',
    `struct rd_kafka_toppar_ver {
        rd_kafka_toppar_t *rktp;
        int32_t version;`,
    '        int64_t offset; /* what was asked for */',
  ),
  after(
    'rdkafka_topic.h',
    '        rwlock_t rkt_lock;',
    `        int rkt_batch_bytes; /**< Of the record batch that began the last
                              *   response with any. Atomic. */`,
  ),
  after(
    'rdkafka_msg.h',
    `                        int16_t delivery_count; /**< Share consumer: delivery
                                                 *   count. */`,
    `                        rd_kafka_record_batch_frame_t record_batch; /**< Its
                                                 *   kind is 0 in an ordinary
                                                 *   message. */`,
  ),
  after(
    'rdkafka_op.h',
    `                        rd_kafka_msg_t rkm;
                        int evidx;`,
    `                        rd_bool_t is_taken; /* handed out as a message */
                        rd_bool_t is_left; /* its memory counts no more */`,
  ),
  after(
    'rdkafka_msgset_reader.c',
    '        rd_kafka_compression_t msetr_compression; /**< Compression codec */',
    `
        rd_bool_t msetr_record_batches; /**< Enqueue v2 record batches, not
                                         *   their messages. */
        rd_kafka_op_t *msetr_frames;    /**< Op in msetr_rkq that takes more
                                         *   small record batches, or NULL. */
        int64_t msetr_room; /**< So many bytes may be put into the queue before
                             *   record batches are left compressed. */`,
  ),
  after(
    'rdkafka_mock_int.h',
    '        struct rd_kafka_mock_msgset_tailq_s msgsets;',
    '        rd_kafka_mock_msgset_t *found; /**< Last one found in .msgsets, or NULL */',
  ),
]
