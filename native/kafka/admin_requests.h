// AdminRequests: what is asked of a cluster about its topics. The answers come on the client's
// event queue.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>
#include <vector>

#include "kafka/client.h"
#include "log/topic_partition.h"

namespace tidemark {

// One of RD_KAFKA_OFFSET_SPEC_…, or an epoch time in ms.
using OffsetSpec = int64_t;

struct OffsetQuestion {
  TopicPartition id;
  OffsetSpec spec;
};

// Which partitions the topics have. librdkafka learns from the answer who leads them.
void describe_topics(Client& client, const std::vector<std::string>& names, int timeout_ms);

// The request has an isolation level of its own, read_uncommitted unless told: with an open
// transaction its end offset is past the last stable one, and a replay would wait for it.
void list_offsets(Client& client, const std::vector<OffsetQuestion>& questions, bool read_committed,
                  int timeout_ms);

// What the group has committed of `partitions`. Under read_committed what a transaction that is
// open has committed is waited for.
void list_group_offsets(Client& client, const std::string& group,
                        const std::vector<TopicPartition>& partitions, bool read_committed,
                        int timeout_ms);

void describe_topic_configs(Client& client, const std::vector<std::string>& names, int timeout_ms);

}  // namespace tidemark
