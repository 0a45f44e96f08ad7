// PartitionQueue: librdkafka's own queue of one partition, cut off from the main queue and started
// at an explicit offset, without a group.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "kafka/fetched_op.h"
#include "status.h"

namespace tidemark {

class PartitionQueue {
 public:
  PartitionQueue() = default;
  PartitionQueue(const PartitionQueue&) = delete;
  PartitionQueue& operator=(const PartitionQueue&) = delete;
  ~PartitionQueue();

  // `topic` stays the caller's and must outlive this. `on_ready` is called from librdkafka's
  // threads, with the queue's lock held, when the queue stops being empty: it may only note that.
  Status open(rd_kafka_t* handle, rd_kafka_topic_t* topic, int32_t partition,
              void (*on_ready)(rd_kafka_t*, void*), void* opaque);
  Status start(int64_t offset);

  // Takes what is there, `capacity` ops at most. Fewer than `capacity` means: the queue was empty,
  // and on_ready will be called for the next one.
  size_t take(FetchedOp* ops, size_t capacity);
  bool is_empty() const { return rd_kafka_queue_length(queue_) == 0; }

 private:
  rd_kafka_topic_t* topic_ = nullptr;
  int32_t partition_ = -1;
  rd_kafka_queue_t* queue_ = nullptr;
};

}  // namespace tidemark
