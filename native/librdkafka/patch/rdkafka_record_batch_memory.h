/*
 * Where the memory of a consumer with `consume.record.batches=true` is. Part of tidemark's patch of
 * librdkafka.
 */
#ifndef RDKAFKA_RECORD_BATCH_MEMORY_H
#define RDKAFKA_RECORD_BATCH_MEMORY_H

#include "rdkafka.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Ops with record batches. */
typedef struct rd_kafka_record_batch_op_memory_s {
        int64_t payload; /* bytes that their record batches lie in */
        int64_t fixed;   /* bytes of the ops themselves, about */
} rd_kafka_record_batch_op_memory_t;

/** In bytes. */
typedef struct rd_kafka_record_batch_memory_s {
        /* Responses, from when the first of their bytes has arrived until all of them were read. */
        int64_t responses;
        /* Not handed out: in a partition's queue, or made of a response that is still being read.
         */
        rd_kafka_record_batch_op_memory_t queued;
        /* Messages that were handed out and not yet destroyed. */
        rd_kafka_record_batch_op_memory_t taken;
        /* The handle, its brokers and its partitions; without what these point to. */
        int64_t client;
} rd_kafka_record_batch_memory_t;

/** @brief May be called from any thread, at any time. */
RD_EXPORT
void rd_kafka_record_batch_get_memory(rd_kafka_t *rk, rd_kafka_record_batch_memory_t *memory);

#ifdef __cplusplus
}
#endif
#endif /* RDKAFKA_RECORD_BATCH_MEMORY_H */
