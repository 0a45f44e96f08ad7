#include "engine/stall_detector.h"

#include "engine/stall.h"

namespace tidemark {

Status StallDetector::check(Watchdog::Duration waited) {
  watchdog_.set_time(waited);
  if (!watchdog_.is_due()) return Status();
  const std::vector<uint32_t> stalled = watchdog_.look(partitions_.slots(), [this](size_t slot) {
    PartitionStream* const stream = partitions_.in(slot);
    if (!stream) return Watchdog::Look{false, 0};
    return Watchdog::Look{is_waited_for(*stream), stream->partition().position()};
  });
  return stalled.empty() ? Status() : describe(stalled);
}

int64_t StallDetector::end_offset_of(const PartitionStream& stream,
                                     const Progress& progress) const {
  return merger_.is_live() ? progress.end_offset : stream.partition().range().end_offset;
}

bool StallDetector::is_waited_for(PartitionStream& stream) const {
  const Partition& partition = stream.partition();
  // What is here already is the caller's to take.
  if (partition.has_head() || stream.has_more()) return false;
  if (!merger_.is_live() && (partition.exhausted() || !partition.status().ok())) return false;
  const Progress progress = stream.source().progress(stream.handle());
  // An error hides whether there is more.
  return end_offset_of(stream, progress) > partition.position() || progress.has_error;
}

Status StallDetector::describe(const std::vector<uint32_t>& stalled) const {
  const PartitionStream& first = *partitions_.in(stalled.front());
  Source& source = first.source();
  Stall stall;
  stall.id = first.partition().id();
  stall.position = first.partition().position();
  stall.end_offset = end_offset_of(first, source.progress(first.handle()));
  stall.facts = source.stall_facts(first.handle());
  for (size_t i = 1; i < stalled.size(); ++i)
    stall.others.push_back(partitions_.in(stalled[i])->partition().id());
  note_waiting(merger_, &stall);
  return stall_error(stall, timeout_);
}

}  // namespace tidemark
