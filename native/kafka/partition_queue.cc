#include "kafka/partition_queue.h"

#include <librdkafka/rdkafka_record_batch_partition.h>

#include <algorithm>

#include "kafka/kafka_error.h"
#include "log/replay_range.h"

namespace tidemark {

PartitionQueue::~PartitionQueue() {
  // The partition's reader is left running: rd_kafka_destroy ends it. rd_kafka_consume_stop waits
  // for a broker thread, which may be stuck in a connection.
  if (queue_) {
    rd_kafka_queue_cb_event_enable(queue_, nullptr, nullptr);
    rd_kafka_queue_destroy(queue_);
  }
  if (topic_) rd_kafka_topic_destroy(topic_);
}

Status PartitionQueue::start(rd_kafka_t* handle, const TopicPartition& id, int64_t offset,
                             int32_t leader_epoch, std::optional<int64_t> end_offset,
                             void (*on_ready)(rd_kafka_t*, void*), void* opaque) {
  topic_ = rd_kafka_topic_new(handle, id.topic.c_str(), nullptr);
  if (!topic_) return kafka_error(rd_kafka_last_error(), "opening '" + id.topic + "'", nullptr);
  partition_ = id.partition;
  queue_ = rd_kafka_queue_get_partition(handle, id.topic.c_str(), id.partition);
  if (!queue_) {
    return kafka_error(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, "opening the partition's queue",
                       nullptr);
  }
  rd_kafka_queue_forward(queue_, nullptr);
  rd_kafka_queue_cb_event_enable(queue_, on_ready, opaque);
  const int failed = end_offset
                         ? rd_kafka_record_batch_start(topic_, partition_, offset, *end_offset)
                         : rd_kafka_consume_start(topic_, partition_, offset);
  if (failed) return kafka_error(rd_kafka_last_error(), "starting to fetch", nullptr);
  if (leader_epoch != kNoLeaderEpoch)
    rd_kafka_record_batch_validate(topic_, partition_, offset, leader_epoch);
  return Status();
}

void PartitionQueue::stop() {
  if (topic_) rd_kafka_record_batch_stop(topic_, partition_);
  discard();
}

// Of what was fetched before the stop librdkafka hands nothing out: it frees all on the way.
void PartitionQueue::discard() {
  FetchedOp op;
  while (queue_ && take(&op, 1) > 0)
    op = FetchedOp();
}

size_t PartitionQueue::take(FetchedOp* ops, size_t capacity) {
  constexpr size_t kMost = 64;
  rd_kafka_message_t* messages[kMost];
  const ssize_t taken =
      rd_kafka_consume_batch_queue(queue_, 0, messages, std::min(capacity, kMost));
  for (ssize_t i = 0; i < taken; ++i)
    ops[i] = FetchedOp(messages[i]);
  return taken > 0 ? static_cast<size_t>(taken) : 0;
}

}  // namespace tidemark
