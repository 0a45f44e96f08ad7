// TopicPartition: names one partition of a source.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace tidemark {

struct TopicPartition {
  std::string topic;
  int32_t partition;
  int32_t topic_index;  // of the topic among those that are demanded of the source, by name

  // By topic name (bytes), then partition number.
  bool operator<(const TopicPartition& other) const {
    return std::tie(topic, partition) < std::tie(other.topic, other.partition);
  }
};

}  // namespace tidemark
