// PartitionQueue: librdkafka's own queue of one partition, cut off from the main queue and started
// at an explicit offset, without a group.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "kafka/fetched_op.h"
#include "log/topic_partition.h"
#include "status.h"

namespace tidemark {

class PartitionQueue {
 public:
  PartitionQueue() = default;
  PartitionQueue(const PartitionQueue&) = delete;
  PartitionQueue& operator=(const PartitionQueue&) = delete;
  ~PartitionQueue();

  // Begins to fetch from `offset` on. `end_offset` is where the log ends, where that is known: else
  // the first fetch is kept by the broker as one that has something to bring. With a `leader_epoch`
  // the log is asked first whether it still has what was before `offset`. `on_ready` is called
  // from librdkafka's threads, with the queue's lock held, when the queue stops being empty: it may
  // only note that.
  Status start(rd_kafka_t* handle, const TopicPartition& id, int64_t offset, int32_t leader_epoch,
               std::optional<int64_t> end_offset, void (*on_ready)(rd_kafka_t*, void*),
               void* opaque);

  // Takes what is there, `capacity` ops at most. Fewer than `capacity` means: the queue was empty,
  // and on_ready will be called for the next one.
  size_t take(FetchedOp* ops, size_t capacity);
  // Ends the fetching. Nothing more is taken; what on_ready still tells of is to be discarded.
  void stop();
  // Once stopped: frees what was fetched before.
  void discard();
  bool is_empty() const { return rd_kafka_queue_length(queue_) == 0; }

 private:
  rd_kafka_topic_t* topic_ = nullptr;  // a reference of its own: all partitions share the topic
  int32_t partition_ = -1;
  rd_kafka_queue_t* queue_ = nullptr;
};

}  // namespace tidemark
