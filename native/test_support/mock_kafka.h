// MockKafka: a mock cluster, and a producer for it.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "test_kit/mock_cluster.h"

namespace tidemark {

class MockKafka {
 public:
  explicit MockKafka(int brokers) : cluster_(MockCluster::start(brokers)) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap().c_str(), nullptr, 0);
    rd_kafka_conf_set(conf, "linger.ms", "5", nullptr, 0);
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
      if (message->err) {
        fprintf(stderr, "not delivered: %s\n", rd_kafka_err2str(message->err));
        abort();
      }
    });
    producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  }
  ~MockKafka() { rd_kafka_destroy(producer_); }
  MockKafka(const MockKafka&) = delete;
  MockKafka& operator=(const MockKafka&) = delete;

  std::string bootstrap() const { return cluster_->bootstrap_servers(); }
  rd_kafka_mock_cluster_t* cluster() { return cluster_->handle(); }

  void create_topic(const std::string& topic, int partitions) {
    cluster_->create_topic(topic, partitions);
  }

  void produce(const std::string& topic, int32_t partition, int64_t timestamp,
               const std::string& value) {
    while (rd_kafka_producev(producer_, RD_KAFKA_V_TOPIC(topic.c_str()),
                             RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_TIMESTAMP(timestamp),
                             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                             RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                             RD_KAFKA_V_END) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      rd_kafka_poll(producer_, 10);
    }
  }

  void flush() { rd_kafka_flush(producer_, 30'000); }

 private:
  std::unique_ptr<MockCluster> cluster_;
  rd_kafka_t* producer_;
};

}  // namespace tidemark
