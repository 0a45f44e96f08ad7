#include "engine/partition_feed.h"

#include <algorithm>
#include <string>
#include <utility>

#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

constexpr size_t kMostOpsATake = 32;

}  // namespace

Status PartitionFeed::start(rd_kafka_t* handle, WakeUp& wake_up, uint32_t index,
                            bool is_end_known) {
  const TopicPartition& id = partition_.id();
  ringer_ = {&wake_up, index};
  Status status = queue_.start(
      handle, id, partition_.position(),
      is_end_known ? std::optional(partition_.range().end_offset) : std::nullopt,
      [](rd_kafka_t*, void* opaque) {
        const auto* ringer = static_cast<Ringer*>(opaque);
        ringer->wake_up->ring(ringer->index);
      },
      &ringer_);
  if (!status.ok()) {
    status.topic = id.topic;
    status.partition = id.partition;
  }
  return status;
}

bool PartitionFeed::has_room() const {
  return partition_.held_bytes() == 0 || partition_.held_bytes() < share_bytes_;
}

size_t PartitionFeed::ops_to_take() const {
  const size_t held = partition_.held_bytes();
  const size_t room = share_bytes_ > held ? share_bytes_ - held : 0;
  return std::clamp<size_t>(room / std::max<size_t>(usual_op_bytes_, 1), 1, kMostOpsATake);
}

bool PartitionFeed::take() {
  bool any = false;
  while (queue_may_hold_ && has_room() && partition_.status().ok()) {
    FetchedOp ops[kMostOpsATake];
    const size_t wanted = ops_to_take();
    const size_t taken = queue_.take(ops, wanted);
    if (taken < wanted) queue_may_hold_ = false;
    any |= taken > 0;
    for (size_t i = 0; i < taken; ++i)
      handle(std::move(ops[i]));
  }
  if (any) {
    stats_.fetched_offset.store(partition_.fetched_offset().value_or(PartitionStats::kNone),
                                std::memory_order_relaxed);
    stats_.last_message_timestamp.store(
        partition_.last_message_timestamp().value_or(PartitionStats::kNone),
        std::memory_order_relaxed);
  }
  stop_if_failed();
  refresh_paused();
  return any;
}

void PartitionFeed::note_ready() {
  queue_may_hold_ = !is_stopped_;
  if (is_stopped_) queue_.discard();  // it was on its way
}

// Of a partition with a fault nothing more is taken: fetched on, it would only cost.
void PartitionFeed::stop_if_failed() {
  if (is_stopped_ || partition_.status().ok()) return;
  is_stopped_ = true;
  queue_may_hold_ = false;
  queue_.stop();
}

void PartitionFeed::note_error(rd_kafka_resp_err_t err, const char* text) {
  last_error_.kafka_code = err;
  last_error_.message = text;
  last_error_.topic = partition_.id().topic;
  last_error_.partition = partition_.id().partition;
  last_error_.offset = partition_.position();
  has_last_error_ = is_error_new_ = true;
}

const Notice* PartitionFeed::take_error() {
  return std::exchange(is_error_new_, false) ? &last_error_ : nullptr;
}

void PartitionFeed::refresh_paused() {
  const bool is_full = queue_may_hold_ && partition_.head() != nullptr && !has_room();
  stats_.is_paused.store(is_full && !queue_.is_empty(), std::memory_order_relaxed);
}

void PartitionFeed::fail(rd_kafka_resp_err_t err, const char* reason) {
  const TopicPartition& id = partition_.id();
  const int64_t offset = partition_.position();
  Status status =
      kafka_error(err,
                  "topic '" + id.topic + "', partition " + std::to_string(id.partition) +
                      ", offset " + std::to_string(offset),
                  reason);
  status.topic = id.topic;
  status.partition = id.partition;
  status.offset = offset;
  partition_.fail(std::move(status));
  stop_if_failed();
}

void PartitionFeed::handle(FetchedOp op) {
  if (!partition_.status().ok()) return;
  const TopicPartition& id = partition_.id();
  if (const rd_kafka_resp_err_t err = op.error()) {
    if (err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      forget_error();
      partition_.reach(op.offset());
    } else if (heals_by_itself(err) || says_topic_is_gone(err)) {
      note_error(err, op.error_text());
    } else {
      fail(err, op.error_text());
    }
    return;
  }
  if (!op.has_record_batches()) {
    Status status = Status::error(
        ErrorCode::kUnsupportedFormat,
        "topic '" + id.topic + "', partition " + std::to_string(id.partition) + ", offset " +
            std::to_string(op.offset()) +
            ": the record has the message format v0 or v1, which tidemark does not read; start "
            "past it, or copy the topic so that the broker writes format v2");
    status.topic = id.topic;
    status.partition = id.partition;
    status.offset = op.offset();
    partition_.fail(std::move(status));
    return;
  }

  forget_error();
  const size_t bytes = op.bytes();
  usual_op_bytes_ = (3 * usual_op_bytes_ + bytes) / 4;
  RecordBatch batch;
  bool more = op.next(&batch);
  while (more) {
    RecordBatch following;
    more = op.next(&following);
    // A failed push is kept by the partition itself, and ends the stream from there.
    if (more) {
      partition_.push(batch, BatchOwner(nullptr, [](void*) {}), 0);
    } else {
      partition_.push(batch, op.release(), bytes);
    }
    batch = following;
  }
}

}  // namespace tidemark
