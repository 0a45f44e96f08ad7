/*
 * The account of a client's memory: added to where bytes are taken, and subtracted from where they
 * are let go. rdkafka_record_batch_memory.h gives it out.
 */
#ifndef RDKAFKA_RECORD_BATCH_ACCOUNT_H
#define RDKAFKA_RECORD_BATCH_ACCOUNT_H

#include "rdatomic.h"

struct rd_kafka_buf_s;
struct rd_kafka_op_s;

typedef struct rd_kafka_record_batch_account_s {
        rd_atomic64_t responses;
        rd_atomic64_t queued_ops;
        rd_atomic64_t queued_payload;
        /* The application changes these: on a cache line of their own they cost it next to nothing.
         * A broker's thread reads them once before each fetch. */
        char gap_before[64];
        rd_atomic64_t taken_ops;
        rd_atomic64_t taken_payload;
        rd_atomic64_t left; /* bytes of those that somebody else still reads */
        char gap_behind[64];
} rd_kafka_record_batch_account_t;

/** Memory for the whole of a response has been taken: \p rkbuf gives it back when it is destroyed.
 */
void rd_kafka_account_response(rd_kafka_record_batch_account_t *account,
                               struct rd_kafka_buf_s *rkbuf);
/** It is destroyed, or its memory is an op's from now on. */
void rd_kafka_account_response_done(struct rd_kafka_buf_s *rkbuf);

/** The record batches of \p rko are complete. */
void rd_kafka_account_queued(const struct rd_kafka_op_s *rko);
/** It is handed out as a message. */
void rd_kafka_account_taken(struct rd_kafka_op_s *rko);
/** An op of the type FETCH, with record batches or without. */
void rd_kafka_account_op_destroy(const struct rd_kafka_op_s *rko);

/** Whom it was handed out to is done with it, but for somebody who has a limit of its own. */
void rd_kafka_account_left(struct rd_kafka_op_s *rko);

/** @returns the bytes of all ops with record batches, in the queues and with the application,
 * without those that were left. */
int64_t rd_kafka_account_held(rd_kafka_record_batch_account_t *account);

#endif /* RDKAFKA_RECORD_BATCH_ACCOUNT_H */
