/*
 * The mock cluster's log as a broker's: record batches found fast, many of them served per fetch,
 * offsets for times, aborted transactions. Included by rdkafka_mock_int.h.
 */
#ifndef _RDKAFKA_MOCK_LOG_H_
#define _RDKAFKA_MOCK_LOG_H_

/* What a partition keeps, in bytes and in record batches. */
#define RD_KAFKA_MOCK_LOG_MAX_BYTES ((size_t)1 << 30)
#define RD_KAFKA_MOCK_LOG_MAX_CNT   ((size_t)10 * 1000 * 1000)

/** @returns the record batch that has \p offset, or NULL. */
const rd_kafka_mock_msgset_t *rd_kafka_mock_log_find(const rd_kafka_mock_partition_t *mpart,
                                                     int64_t offset);

/** @brief The record batch is about to be removed. */
static inline void rd_kafka_mock_log_forget(rd_kafka_mock_partition_t *mpart,
                                            const rd_kafka_mock_msgset_t *mset) {
        if (mpart->found == mset)
                mpart->found = NULL;
}

/** @brief Gives a v2 record batch its CRC. Markers with a CRC of 0 stop every consumer that checks
 *         it. */
void rd_kafka_mock_log_sign(unsigned char *batch, size_t size);

/**
 * @brief Something was written: fetches that wait are answered, as a broker does it. Upstream's
 *        wait their whole time in any case. They are answered empty, and the consumer asks again.
 */
void rd_kafka_mock_log_answer_fetches(rd_kafka_mock_cluster_t *mcluster);

/** Upstream's own, which it has for itself. */
void rd_kafka_mock_cluster_io_set_events(rd_kafka_mock_cluster_t *mcluster, rd_socket_t fd,
                                         int events);

/** @returns where the log ends for who reads it; -1 where there is none. */
static inline int64_t rd_kafka_mock_log_visible_end(const rd_kafka_mock_partition_t *mpart,
                                                    int8_t isolation_level, rd_bool_t on_follower) {
        if (!mpart)
                return -1;
        if (isolation_level == 1)
                return mpart->lso;
        return on_follower ? mpart->follower_end_offset : mpart->end_offset;
}

/**
 * @brief Answers a ListOffsets request.
 *
 * @param offsetp    the offset; of the first record at or past \p timestamp where that is a time,
 *                   -1 if there is none
 * @param timestampp that record's timestamp, else -1
 *
 * @returns UNSUPPORTED_FOR_MESSAGE_FORMAT if a compressed record batch would have to be read to
 *          tell, or messages of the formats v0 and v1.
 */
rd_kafka_resp_err_t rd_kafka_mock_log_list_offset(const rd_kafka_mock_partition_t *mpart,
                                                  int8_t isolation_level, int64_t timestamp,
                                                  int64_t *offsetp, int64_t *timestampp);

/** Writes the aborted transactions that a fetch from \p offset must know; none of no \p mpart. */
void rd_kafka_mock_log_write_aborted(rd_kafka_buf_t *resp, const rd_kafka_mock_partition_t *mpart,
                                     int64_t offset);

/**
 * @brief Writes record batches from \p mset on: the first one in any case, then those that end
 *        below \p end_offset, as long as all of them fit in \p max_bytes.
 *
 * @returns the bytes written
 */
size_t rd_kafka_mock_log_write_records(rd_kafka_buf_t *resp, const rd_kafka_mock_msgset_t *mset,
                                       int64_t end_offset, size_t max_bytes);

#endif /* _RDKAFKA_MOCK_LOG_H_ */
