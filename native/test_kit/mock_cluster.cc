#include "test_kit/mock_cluster.h"

#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

Status status_of(rd_kafka_resp_err_t err, const char* what) {
  return err ? kafka_error(err, what, nullptr) : Status();
}

}  // namespace

std::unique_ptr<MockCluster> MockCluster::start(int brokers) {
  std::unique_ptr<MockCluster> mock(new MockCluster());
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, nullptr);
  mock->client_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  if (!mock->client_) {
    rd_kafka_conf_destroy(conf);
    return nullptr;
  }
  mock->cluster_ = rd_kafka_mock_cluster_new(mock->client_, brokers);
  if (!mock->cluster_) return nullptr;
  rd_kafka_mock_set_controller_id(mock->cluster_, 1);  // none by default: admin requests go there
  return mock;
}

MockCluster::~MockCluster() {
  if (cluster_) rd_kafka_mock_cluster_destroy(cluster_);
  if (client_) rd_kafka_destroy(client_);
}

Status MockCluster::create_topic(const std::string& topic, int partitions) {
  constexpr int kReplicationFactor = 1;
  return status_of(
      rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, kReplicationFactor),
      "createTopic");
}

Status MockCluster::set_leader(const std::string& topic, int32_t partition, int32_t broker) {
  return status_of(rd_kafka_mock_partition_set_leader(cluster_, topic.c_str(), partition, broker),
                   "setLeader");
}

Status MockCluster::set_broker_down(int32_t broker, bool down) {
  return status_of(down ? rd_kafka_mock_broker_set_down(cluster_, broker)
                        : rd_kafka_mock_broker_set_up(cluster_, broker),
                   "setBrokerDown");
}

Status MockCluster::set_round_trip_time(int32_t broker, std::chrono::milliseconds time) {
  return status_of(rd_kafka_mock_broker_set_rtt(cluster_, broker, static_cast<int>(time.count())),
                   "setRoundTripTime");
}

}  // namespace tidemark
