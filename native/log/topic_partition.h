// TopicPartition: names one partition.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace tidemark {

struct TopicPartition {
  std::string topic;
  int32_t partition;
  int32_t topic_index;  // of the topic in the manager's sorted list of topics: the dictionary index

  // The order of ties in the merge: topic name (bytes), then partition number.
  bool operator<(const TopicPartition& other) const {
    return std::tie(topic, partition) < std::tie(other.topic, other.partition);
  }
};

}  // namespace tidemark
