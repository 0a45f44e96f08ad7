#include "kafka/kafka_partition.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "errors.h"
#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

constexpr size_t kMostOpsATake = 32;

}  // namespace

Status KafkaPartition::start(rd_kafka_t* client, bool is_end_known) {
  Status status = queue_.start(
      client, id(), position_, assigned_.range.start_leader_epoch,
      is_end_known ? std::optional(assigned_.range.end_offset) : std::nullopt,
      [](rd_kafka_t*, void* opaque) {
        const auto* ringer = static_cast<Ringer*>(opaque);
        ringer->bell->ring(ringer->handle);
      },
      &ringer_);
  if (!status.ok()) {
    status.topic = id().topic;
    status.partition = id().partition;
  }
  return status;
}

// Of a partition with a fault nothing more is taken: fetched on, it would only cost.
void KafkaPartition::stop() {
  if (!std::exchange(is_stopped_, true)) {
    queue_.stop();
  } else {
    queue_.discard();  // it was on its way
  }
}

Source::Taken KafkaPartition::take(size_t room, PartitionInput& input) {
  Source::Taken taken;
  if (is_stopped_) return taken;
  bool is_failed = false;
  for (;;) {
    FetchedOp ops[kMostOpsATake];
    const size_t wanted =
        std::clamp<size_t>(room / std::max<size_t>(usual_op_bytes_, 1), 1, kMostOpsATake);
    const size_t count = queue_.take(ops, wanted);
    taken.any |= count > 0;
    for (size_t i = 0; i < count && !is_failed; ++i)
      is_failed = !hand_over(std::move(ops[i]), input, &room);
    position_ = input.position();
    if (is_failed) return taken;
    if (count < wanted) return taken;
    if (room == 0) break;
  }
  taken.has_more = !queue_.is_empty();
  return taken;
}

bool KafkaPartition::hand_over(FetchedOp op, PartitionInput& input, size_t* room) {
  position_ = input.position();
  const rd_kafka_resp_err_t err = op.error();
  if (err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    forget_error();
    input.reach(op.offset());
  } else if (err && (heals_by_itself(err) || says_topic_is_gone(err))) {
    note_error(err, op.error_text());
  } else if (err) {
    input.fail(fault(err, op.error_text()));
    return false;
  } else if (!op.has_record_batches()) {
    input.fail(old_format({id().topic, id().partition, op.offset()}));
    return false;
  } else {
    forget_error();
    *room -= std::min(*room, op.bytes());
    hand_over_batches(std::move(op), input);
  }
  return true;
}

void KafkaPartition::hand_over_batches(FetchedOp op, PartitionInput& input) {
  const size_t bytes = op.bytes();
  usual_op_bytes_ = (3 * usual_op_bytes_ + bytes) / 4;
  RecordBatch batch;
  bool more = op.next(&batch);
  while (more) {
    RecordBatch following;
    more = op.next(&following);
    if (more) {
      input.push(batch, BatchOwner(nullptr, [](void*) {}), 0);
    } else {
      input.push(batch, op.release(), bytes);
    }
    batch = following;
  }
}

Status KafkaPartition::fault(rd_kafka_resp_err_t err, const char* reason) const {
  return kafka_error_at({id().topic, id().partition, position_}, err, reason);
}

void KafkaPartition::note_error(rd_kafka_resp_err_t err, const char* text) {
  last_error_.kafka_code = err;
  last_error_.message = text;
  last_error_.topic = id().topic;
  last_error_.partition = id().partition;
  last_error_.offset = position_;
  has_last_error_ = is_error_new_ = true;
}

const ClientEvent* KafkaPartition::take_error() {
  return std::exchange(is_error_new_, false) ? &last_error_ : nullptr;
}

}  // namespace tidemark
