#include "fuzz/record_set.h"

#include <stdio.h>

// In the order in which they need each other.
// clang-format off
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_buf.h"
#include "rdkafka_msgset.h"
#include "rdkafka_op.h"
#include "rdkafka_partition.h"
// clang-format on

struct record_set_reader {
  rd_kafka_t* rk;
  rd_kafka_toppar_t* partition;
};

static void set_size(rd_kafka_conf_t* conf, const char* name, size_t bytes) {
  char text[32];
  snprintf(text, sizeof text, "%zu", bytes);
  rd_kafka_conf_set(conf, name, text, NULL, 0);
}

record_set_reader* record_set_reader_new(size_t max_bytes) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "consume.record.batches", "true", NULL, 0);
  rd_kafka_conf_set(conf, "check.crcs", "true", NULL, 0);
  set_size(conf, "receive.message.max.bytes", max_bytes);
  // What librdkafka wants of them.
  set_size(conf, "fetch.max.bytes", max_bytes - 512);
  set_size(conf, "message.max.bytes", max_bytes - 512);
  // That there is no broker is meant.
  rd_kafka_conf_set(conf, "log_level", "4", NULL, 0);
  char error[512];
  rd_kafka_t* rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
  if (rk == NULL) {
    fprintf(stderr, "no reader of record sets: %s\n", error);
    rd_kafka_conf_destroy(conf);
    return NULL;
  }
  record_set_reader* reader = rd_calloc(1, sizeof *reader);
  reader->rk = rk;
  reader->partition = rd_kafka_toppar_get2(rk, "t", 0, 0, 1);
  return reader;
}

void record_set_reader_destroy(record_set_reader* reader) {
  rd_kafka_toppar_destroy(reader->partition);
  rd_kafka_destroy(reader->rk);
  rd_free(reader);
}

void record_set_read(record_set_reader* reader, const void* bytes, size_t size, size_t room,
                     void (*see)(const rd_kafka_message_t* message, void* opaque), void* opaque) {
  rd_kafka_toppar_t* partition = reader->partition;
  reader->rk->rk_conf.inflated_max_bytes = (int64_t)room;
  partition->rktp_inflation = 0;
  partition->rktp_misfit = 0;
  rd_kafka_buf_t* response = rd_kafka_buf_new_shadow(bytes, size, NULL);
  // One that every handle has, for what it does on its own: nobody else decompresses with it.
  response->rkbuf_rkb = reader->rk->rk_internal_rkb;
  rd_kafka_broker_keep(response->rkbuf_rkb);
  const struct rd_kafka_toppar_ver version = {
      .rktp = partition,
      .version = rd_atomic32_get(&partition->rktp_version),
  };
  rd_kafka_msgset_parse(response, NULL, partition, NULL, &version);
  rd_kafka_buf_destroy(response);
  rd_kafka_op_t* op;
  while ((op = rd_kafka_q_pop(partition->rktp_fetchq, RD_POLL_NOWAIT, 0)) != NULL) {
    see(rd_kafka_message_get(op), opaque);
    rd_kafka_op_destroy(op);
  }
}
