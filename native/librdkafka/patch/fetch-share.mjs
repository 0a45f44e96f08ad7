// Fetch share: what each partition gets of a response.
import { after, before, replace } from './edit.mjs'

export const fetchShare = [
  after(
    'rdkafka_broker.h',
    '        rd_ts_t rkb_ts_fetch_backoff;',
    `        int rkb_fetch_least; /**< What each partition that may have more may
                              *   bring with the last fetch, whatever its own
                              *   limit says. Broker thread only. */
        rd_kafka_toppar_t *rkb_fetch_first; /**< The first of the last fetch,
                                             *   to compare with alone. */
        rd_bool_t rkb_fetch_left_out_one; /**< Its response had nothing of a
                                           *   partition that has more. */`,
  ),
  after(
    'rdkafka_partition.h',
    `        rd_bool_t rktp_fetch_queue_full; /* Not fetched, for its queue is
                                          * full.
                                          * Locks: rktp_lock */`,
    `        int rktp_batch_bytes; /* The largest of the last record batches that
                               * began a response, about; 0: none came.
                               * Locality: broker thread */`,
  ),
  after(
    'rdkafka_topic.h',
    '        rwlock_t rkt_lock;',
    `        int rkt_batch_bytes; /**< The last one of any partition. Atomic. */`,
  ),

  // The next fetch begins with the first partition that this one left out, else behind the last that
  // it brought something of. Upstream begins one partition further on than the last time, so that of
  // a response that had room for four of eight three were the same four again; of 1,000 partitions
  // the merge waited for three responses instead of two. A partition that got nothing as the first
  // has not been left out for want of room, and does not come first again.
  before(
    'rdkafka_fetcher.c',
    `        /* Parse messages */
        err = rd_kafka_msgset_parse(rkbuf, request, rktp, aborted_txns, tver);

`,
    `        rd_kafka_toppar_fetch_served(rkb, rktp, &rkbuf->rkbuf_reader);
`,
  ),

  replace(
    'rdkafka_fetcher.c',
    `        if (unlikely(hdr.MessageSetSize <= 0))
                goto done;

        /**
         * Parse MessageSet`,
    `        if (unlikely(hdr.MessageSetSize <= 0)) {
                if (rktp->rktp_offsets.fetch_pos.offset < end_offset)
                        rd_kafka_toppar_fetch_left_out(rkb, rktp);
                goto done;
        }

        /**
         * Parse MessageSet`,
  ),

  // How much is asked for. The first fetch of a partition is half as large as others: the first record
  // in order is known once each partition has given one. And a share has room for a record batch:
  // brokers leave one out that is larger, unless it is the first of the response. 256 partitions with
  // batches of 250 KB were read at a third of the speed, since a response brought one batch of one of
  // them. What a partition's batches need is known from those that came, not from none coming: that
  // may be a quota, or a limit of the broker's own.
  //
  // A partition that is fetched alone, or nearly so, comes in larger pieces, and is read further ahead:
  // each fetch waits for the one before, half of the time for the broker. With 2 MiB instead of 1 one
  // partition is read a seventh faster; more gains nothing, and takes memory.
  replace(
    'rdkafka_fetcher.c',
    '                rd_kafka_buf_write_i32(rkbuf, rktp->rktp_fetch_msg_max_bytes);',
    `                rd_kafka_buf_write_i32(
                    rkbuf, rd_kafka_toppar_fetch_size(rkb, rktp));`,
  ),
  before(
    'rdkafka_fetcher.c',
    '        /* Round-robin start of the list. */',
    `        rkb->rkb_fetch_first        = rkb->rkb_active_toppar_next;
        rkb->rkb_fetch_left_out_one = rd_false;
        rkb->rkb_fetch_least        = 0;
        if (rkb->rkb_fetch_more_cnt > 0)
                rkb->rkb_fetch_least =
                    __atomic_load_n(&rkb->rkb_rk->rk_conf.fetch_alone_bytes,
                                    __ATOMIC_RELAXED) /
                    rkb->rkb_fetch_more_cnt;
`,
  ),
  // The others, which are full, stay so until they are drained below their own limit.
  replace(
    'rdkafka_fetcher.c',
    `        } else if ((int64_t)rd_kafka_q_size(rktp->rktp_fetchq) >=
                   rkb->rkb_rk->rk_conf.queued_max_msg_bytes) {`,
    `        } else if ((int64_t)rd_kafka_q_size(rktp->rktp_fetchq) >=
                   rd_kafka_toppar_queue_size(rkb, rktp)) {`,
  ),
  before(
    'rdkafka_fetcher.c',
    `/**
 * @brief Per-partition FetchResponse parsing and handling.`,
    `/**
 * @returns how many bytes may lie in the partition's queue.
 *
 * @locality broker thread
 */
static int64_t rd_kafka_toppar_queue_size(const rd_kafka_broker_t *rkb,
                                          const rd_kafka_toppar_t *rktp) {
        const int64_t size =
            __atomic_load_n(&rkb->rkb_rk->rk_conf.queued_max_msg_bytes,
                            __ATOMIC_RELAXED);

        if (!rktp->rktp_fetch)
                return size;
        return RD_MAX(size, 2 * (int64_t)rkb->rkb_fetch_least);
}

/**
 * @returns how many bytes of the partition a response may bring.
 *
 * @locality broker thread
 */
static int rd_kafka_toppar_fetch_size(const rd_kafka_broker_t *rkb,
                                      const rd_kafka_toppar_t *rktp) {
        const int max = __atomic_load_n(&rkb->rkb_rk->rk_conf.fetch_max_bytes,
                                        __ATOMIC_RELAXED);
        int size  = rktp->rktp_fetch_msg_max_bytes;
        int batch = rktp->rktp_batch_bytes;

        if (!rkb->rkb_rk->rk_conf.consume_record_batches)
                return size;
        if (batch) {
                if (!rktp->rktp_fetch_at_end)
                        size = RD_MAX(size, rkb->rkb_fetch_least);
        } else {
                size  = RD_MAX(size / 2, 1);
                batch = __atomic_load_n(&rktp->rktp_rkt->rkt_batch_bytes,
                                        __ATOMIC_RELAXED);
        }
        /* The next one may be larger by a quarter. */
        return RD_MAX(size, (int)RD_MIN(batch + (int64_t)batch / 4, max));
}

/**
 * @brief The response has record batches of the partition: the reader is at the
 *        first.
 *
 * @locality broker thread
 */
static void rd_kafka_toppar_fetch_served(rd_kafka_broker_t *rkb,
                                         rd_kafka_toppar_t *rktp,
                                         const rd_slice_t *reader) {
        /* Behind the base offset. */
        const size_t of_length = rd_slice_offset(reader) + 8;
        const int before = rktp->rktp_batch_bytes;
        int32_t length;

        if (rd_slice_peek(reader, of_length, &length, sizeof(length))) {
                length = (int32_t)be32toh(length);
                if (length > 0) {
                        rktp->rktp_batch_bytes =
                            RD_MAX(length, before / 2);
                        __atomic_store_n(&rktp->rktp_rkt->rkt_batch_bytes,
                                         length, __ATOMIC_RELAXED);
                }
        }
        if (rktp->rktp_fetch && !rkb->rkb_fetch_left_out_one &&
            rkb->rkb_rk->rk_conf.consume_record_batches)
                rd_kafka_broker_active_toppar_next(
                    rkb, CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                           rktp_activelink));
}

/**
 * @brief The response has nothing of the partition, which is not at its end.
 *
 * @locality broker thread
 */
static void rd_kafka_toppar_fetch_left_out(rd_kafka_broker_t *rkb,
                                           rd_kafka_toppar_t *rktp) {
        if (!rktp->rktp_fetch || rkb->rkb_fetch_left_out_one ||
            rktp == rkb->rkb_fetch_first ||
            !rkb->rkb_rk->rk_conf.consume_record_batches)
                return;
        rkb->rkb_fetch_left_out_one = rd_true;
        rd_kafka_broker_active_toppar_next(rkb, rktp);
}

`,
  ),
]
