/*
 * See rdkafka_record_batch_settings.h. The broker threads read what is set here.
 */
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_record_batch_settings.h"

void rd_kafka_record_batch_set_fetch_limits(rd_kafka_t *rk,
                                            const rd_kafka_record_batch_fetch_limits_t *limits) {
        rd_kafka_conf_t *conf = &rk->rk_conf;

        __atomic_store_n(&conf->queued_max_msg_bytes, limits->queued_max_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&conf->queued_min_msgs, limits->queued_min_messages, __ATOMIC_RELAXED);
        __atomic_store_n(&conf->fetch_msg_max_bytes, limits->fetch_message_max_bytes,
                         __ATOMIC_RELAXED);
        __atomic_store_n(&conf->fetch_max_bytes, limits->fetch_max_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&conf->responses_max_bytes, limits->responses_max_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&conf->fetch_alone_bytes, limits->fetch_alone_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&conf->inflated_max_bytes, limits->inflated_max_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&conf->held_max_bytes, limits->held_max_bytes, __ATOMIC_RELAXED);
}

void rd_kafka_record_batch_set_fetch_wait_at_ends_ms(rd_kafka_t *rk, int ms) {
        __atomic_store_n(&rk->rk_conf.fetch_wait_at_ends_ms, RD_MAX(0, ms), __ATOMIC_RELAXED);
}

void rd_kafka_record_batch_set_partition_eof(rd_kafka_t *rk, int enabled) {
        __atomic_store_n(&rk->rk_conf.enable_partition_eof, enabled, __ATOMIC_RELAXED);
}
