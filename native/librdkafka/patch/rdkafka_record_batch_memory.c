/*
 * See rdkafka_record_batch_memory.h.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"
#include "rdkafka_topic.h"
#include "rdkafka_record_batch_memory.h"

void rd_kafka_record_batch_get_memory(rd_kafka_t *rk, rd_kafka_record_batch_memory_t *memory) {
        rd_kafka_record_batch_account_t *account = &rk->rk_account;
        int64_t partitions                       = 0;
        int64_t topics                           = 0;
        rd_kafka_topic_t *rkt;

        rd_kafka_rdlock(rk);
        TAILQ_FOREACH(rkt, &rk->rk_topics, rkt_link) {
                rd_kafka_topic_rdlock(rkt);
                partitions += rkt->rkt_partition_cnt;
                rd_kafka_topic_rdunlock(rkt);
                topics++;
        }
        rd_kafka_rdunlock(rk);

        memory->responses      = rd_atomic64_get(&account->responses);
        memory->queued.payload = rd_atomic64_get(&account->queued_payload);
        memory->queued.fixed =
            rd_atomic64_get(&account->queued_ops) * RD_KAFKA_RECORD_BATCH_OP_BYTES;
        memory->taken.payload = rd_atomic64_get(&account->taken_payload);
        memory->taken.fixed = rd_atomic64_get(&account->taken_ops) * RD_KAFKA_RECORD_BATCH_OP_BYTES;
        memory->client      = (int64_t)sizeof(rd_kafka_t) +
                         rd_atomic32_get(&rk->rk_broker_cnt) * (int64_t)sizeof(rd_kafka_broker_t) +
                         topics * (int64_t)sizeof(rd_kafka_topic_t) +
                         partitions * (int64_t)sizeof(rd_kafka_toppar_t);
}
