#include "engine/intake.h"

#include <utility>

namespace tidemark {

void Intake::take_rung(const std::vector<PartitionHandle>& rung) {
  for (const PartitionHandle handle : rung) {
    PartitionStream* const stream = partitions_.find(handle);
    if (!stream) continue;
    stream->note_ready();
    take(*stream);
  }
}

bool Intake::take(PartitionStream& stream) {
  const int64_t held_before = stream.partition().held_records();
  const bool was_in_backlog = stream.is_in_backlog();
  const bool taken = stream.take();
  if (taken) {
    records_.fetch_add(stream.partition().held_records() - held_before, std::memory_order_relaxed);
    merger_.notify(stream.handle().slot);
  }
  if (stream.has_more() && !was_in_backlog) {
    stream.set_in_backlog(true);
    backlog_.push_back(stream.handle());
  }
  return taken;
}

bool Intake::take_backlog() {
  if (backlog_.empty()) return false;
  bool taken = false;
  std::vector<PartitionHandle> left = std::exchange(backlog_, {});
  for (const PartitionHandle handle : left) {
    if (PartitionStream* const stream = partitions_.find(handle)) stream->set_in_backlog(false);
  }
  for (const PartitionHandle handle : left) {
    if (PartitionStream* const stream = partitions_.find(handle)) taken |= take(*stream);
  }
  return taken;
}

}  // namespace tidemark
