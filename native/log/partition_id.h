// PartitionId: names one partition of a stream. Two sources may have the same topic, so that the
// source is a part of it.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace tidemark {

struct PartitionId {
  std::string topic;
  int32_t partition;
  int32_t topic_index = 0;   // of the topic in the stream's dictionary
  int32_t source_index = 0;  // the same of the source
  std::string source{};      // its name; empty for the only source of a stream, which has none

  // The order of ties in the merge; names by their bytes.
  bool operator<(const PartitionId& other) const {
    return std::tie(topic, partition, source) <
           std::tie(other.topic, other.partition, other.source);
  }
};

// As messages have it: "trades-0", or "trades-0 of source 'eu'".
inline std::string name_of(const PartitionId& id) {
  const std::string name = id.topic + "-" + std::to_string(id.partition);
  return id.source.empty() ? name : name + " of source '" + id.source + "'";
}

}  // namespace tidemark
