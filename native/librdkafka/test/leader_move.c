#include "librdkafka/test/leader_move.h"

// In the order in which they need each other.
// clang-format off
#include "rd.h"
#include "rdkafka_int.h"
#include "rdkafka_broker.h"
#include "rdkafka_partition.h"
#include "rdkafka_topic.h"
// clang-format on

// As rd_kafka_toppar_leader_update() does it. With the partition's lock: a broker's thread takes it
// before it lets the partition go.
void move_leader(rd_kafka_t* rk, const char* topic, int32_t partition, const int32_t* brokers,
                 size_t count) {
  rd_kafka_toppar_t* rktp = rd_kafka_toppar_get2(rk, topic, partition, rd_false, rd_false);
  rd_kafka_rdlock(rk);
  rd_kafka_toppar_lock(rktp);
  for (size_t i = 0; i < count; i++) {
    rd_kafka_broker_t* leader = rd_kafka_broker_find_by_nodeid(rk, brokers[i]);
    rktp->rktp_leader_id = brokers[i];
    if (rktp->rktp_leader) rd_kafka_broker_destroy(rktp->rktp_leader);
    rktp->rktp_leader = leader;
    rd_kafka_toppar_broker_update(rktp, brokers[i], leader, "test");
  }
  rd_kafka_toppar_unlock(rktp);
  rd_kafka_rdunlock(rk);
  rd_kafka_toppar_destroy(rktp);
}

int32_t broker_of(rd_kafka_t* rk, const char* topic, int32_t partition) {
  rd_kafka_toppar_t* rktp = rd_kafka_toppar_get2(rk, topic, partition, rd_false, rd_false);
  rd_kafka_toppar_lock(rktp);
  const int32_t id =
      rktp->rktp_broker && !rktp->rktp_next_broker ? rktp->rktp_broker->rkb_nodeid : -1;
  rd_kafka_toppar_unlock(rktp);
  rd_kafka_toppar_destroy(rktp);
  return id;
}
