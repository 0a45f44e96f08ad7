#include "engine/progress_watch.h"

#include "engine/stall.h"

namespace tidemark {

ProgressWatch::ProgressWatch(const Client& client, const Merger& merger, Feeds& feeds,
                             std::chrono::milliseconds timeout)
    : client_(client), merger_(merger), feeds_(feeds), timeout_(timeout), watchdog_(timeout) {}

Status ProgressWatch::check(Watchdog::Duration waited) {
  watchdog_.set_time(waited);
  if (!watchdog_.is_due()) return Status();
  const std::vector<uint32_t> stalled = watchdog_.look(merger_.size(), [this](size_t index) {
    const Progress progress = progress_of(index);
    // What went wrong before is over.
    if (progress.is_at_end) feeds_[index].forget_error();
    return Watchdog::Look{progress.is_waited_for, merger_.partition(index).position()};
  });
  return stalled.empty() ? Status() : describe(stalled);
}

ProgressWatch::Progress ProgressWatch::progress_of(size_t index) const {
  const Partition& partition = merger_.partition(index);
  Progress progress{false, partition.range().end_offset, {}, false};
  // What is here already is the caller's to take.
  if (partition.has_head() || feeds_[index].queue_may_hold()) return progress;
  if (!merger_.is_live() && (partition.exhausted() || !partition.status().ok())) return progress;
  progress.known = client_.progress_of(partition.id());
  const Client::Progress& known = progress.known;
  if (merger_.is_live()) progress.end_offset = known.end_offset;
  // An error hides whether there is more.
  progress.is_waited_for = progress.end_offset > partition.position() || known.fetch_error;
  progress.is_at_end = known.end_offset == partition.position();
  return progress;
}

Status ProgressWatch::describe(const std::vector<uint32_t>& stalled) const {
  const Partition& first = merger_.partition(stalled.front());
  const Progress progress = progress_of(stalled.front());
  Stall stall;
  stall.id = first.id();
  stall.position = first.position();
  stall.end_offset = progress.end_offset;
  stall.broker = client_.brokers().describe(progress.known.broker_id);
  stall.throttled_ms = progress.known.throttled_ms;
  if (const Notice* error = feeds_[stalled.front()].last_error()) {
    stall.last_error = error->message;
    stall.kafka_code = error->kafka_code;
  } else if (const rd_kafka_resp_err_t err = progress.known.fetch_error) {
    stall.last_error = rd_kafka_err2str(err);
    stall.kafka_code = err;
  }
  for (size_t i = 1; i < stalled.size(); ++i)
    stall.others.push_back(merger_.partition(stalled[i]).id());
  note_waiting(merger_, &stall);
  return stall_error(stall, timeout_);
}

}  // namespace tidemark
