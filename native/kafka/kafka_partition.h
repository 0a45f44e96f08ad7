// KafkaPartition: one partition that is fetched: its queue, and what went wrong with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "kafka/partition_queue.h"
#include "source/source.h"

namespace tidemark {

class KafkaPartition {
 public:
  KafkaPartition(PartitionHandle handle, const AssignedPartition& assigned, Bell& bell)
      : ringer_{&bell, handle}, assigned_(assigned), position_(assigned.range.start_offset) {}
  KafkaPartition(const KafkaPartition&) = delete;
  KafkaPartition& operator=(const KafkaPartition&) = delete;

  // Begins to fetch. `is_end_known`: the range ends where the log did when it was looked up.
  Status start(rd_kafka_t* client, bool is_end_known);
  // Nothing more is fetched; what was fetched is freed.
  void stop();
  Source::Taken take(size_t room, PartitionInput& input);

  // The newest error that heals by itself, once; null when there is none that was not taken.
  const ClientEvent* take_error();
  // The same for as long as nothing has arrived since, and it is not forgotten.
  const ClientEvent* last_error() const { return has_last_error_ ? &last_error_ : nullptr; }
  void forget_error() { has_last_error_ = false; }
  // `reason` may be null.
  Status fault(rd_kafka_resp_err_t err, const char* reason) const;

  PartitionHandle handle() const { return ringer_.handle; }
  const TopicPartition& id() const { return assigned_.id; }
  int64_t position() const { return position_; }  // the offset that is fetched next

 private:
  struct Ringer {  // what the queue's callback gets
    Bell* bell;
    PartitionHandle handle;
  };

  // False: nothing more is wanted, since the partition has failed. Takes from `room`.
  bool hand_over(FetchedOp op, PartitionInput& input, size_t* room);
  void hand_over_batches(FetchedOp op, PartitionInput& input);
  void note_error(rd_kafka_resp_err_t err, const char* text);

  Ringer ringer_;
  const AssignedPartition assigned_;
  PartitionQueue queue_;
  int64_t position_;
  size_t usual_op_bytes_ = 64 * 1024;  // moving average, to take about as much as there is room for
  bool is_stopped_ = false;
  ClientEvent last_error_{ClientEvent::Type::kPartitionError};
  bool has_last_error_ = false;  // see last_error()
  bool is_error_new_ = false;    // not taken
};

}  // namespace tidemark
