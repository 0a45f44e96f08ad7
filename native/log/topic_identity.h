// TopicIdentity: what tells a topic from another one of the same name.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace tidemark {

using TopicId = std::pair<int64_t, int64_t>;  // Kafka's UUID: its most and least significant bits
constexpr TopicId kNoTopicId{0, 0};           // a broker before Kafka 2.8, or files, know none

struct TopicIdentity {
  std::string cluster_id;  // empty: not known
  TopicId topic_id = kNoTopicId;
};

}  // namespace tidemark
