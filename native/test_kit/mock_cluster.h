// MockCluster: librdkafka's mock brokers, in this process.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <memory>
#include <string>

#include "status.h"

namespace tidemark {

class MockCluster {
 public:
  // Null when librdkafka refuses.
  static std::unique_ptr<MockCluster> start(int brokers);
  ~MockCluster();
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  std::string bootstrap_servers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  Status create_topic(const std::string& topic, int partitions);
  Status set_leader(const std::string& topic, int32_t partition, int32_t broker);
  Status set_broker_down(int32_t broker, bool down);
  Status set_round_trip_time(int32_t broker, std::chrono::milliseconds time);

  // For what librdkafka can do beyond.
  rd_kafka_mock_cluster_t* handle() { return cluster_; }

 private:
  MockCluster() = default;

  rd_kafka_t* client_ = nullptr;  // the cluster's timers and queues live in it
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace tidemark
