// TopicWatch: asks now and then whether the topics are still the same ones, with the same
// partitions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kafka/client.h"
#include "log/topic_identity.h"
#include "log/topic_partition.h"

namespace tidemark {

struct WatchedTopic {
  std::string name;
  TopicId id;
  int32_t partition_count;
  int32_t topic_index;
  bool takes_added;  // partitions
};

// What has become of the topics.
struct TopicChanges {
  struct Added {
    TopicPartition id;
    int64_t start_offset;  // its first one that is there
  };
  struct Fault {
    std::string topic;
    rd_kafka_resp_err_t err;
    const char* reason;
  };
  std::vector<Fault> faults;  // topics that are gone, or not the same any more
  std::vector<Added> added;   // partitions
};

class TopicWatch {
 public:
  explicit TopicWatch(Client& client) : client_(client) {}

  void watch(std::vector<WatchedTopic> topics);
  // Asks, unless an answer is still to come. It comes on the client's event queue.
  void ask();
  // Reads an answer; false when it is to somebody else's request. What cannot be answered for now
  // is asked again the next time.
  bool take(rd_kafka_event_t* answer, TopicChanges* changes);

 private:
  void take_descriptions(rd_kafka_event_t* answer, TopicChanges* changes);
  void compare(WatchedTopic& topic, const rd_kafka_TopicDescription_t* now, TopicChanges* changes);
  void ask_for_starts();
  void take_starts(rd_kafka_event_t* answer, TopicChanges* changes);

  Client& client_;
  std::vector<WatchedTopic> topics_;
  std::vector<TopicPartition> added_;   // whose start offsets are not known yet
  std::map<std::string, int> missing_;  // topics that are not there, and for how many looks
  bool asked_ = false;
};

// kNoTopicId where the broker knows none (before Kafka 2.8).
TopicId topic_id_of(const rd_kafka_TopicDescription_t* description);

}  // namespace tidemark
