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
rd_kafka_mock_msgset_t *rd_kafka_mock_log_find(rd_kafka_mock_partition_t *mpart, int64_t offset);

/**
 * @brief Finds the first record below \p end_offset whose timestamp is at or past \p timestamp.
 *
 * @param offsetp    its offset, or -1 if there is none
 * @param timestampp its timestamp, or -1
 *
 * @returns UNSUPPORTED_FOR_MESSAGE_FORMAT if a compressed record batch would have to be read to
 *          tell, or messages of the formats v0 and v1.
 */
rd_kafka_resp_err_t rd_kafka_mock_log_offset_for_time(const rd_kafka_mock_partition_t *mpart,
                                                      int64_t end_offset, int64_t timestamp,
                                                      int64_t *offsetp, int64_t *timestampp);

/** Writes the aborted transactions that a fetch from \p offset must know. */
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
