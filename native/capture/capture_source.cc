#include "capture/capture_source.h"

#include <algorithm>
#include <string>

#include "capture/capture_tap.h"
#include "errors.h"

namespace tidemark {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

void CaptureSource::open(const Demand& demand, SourceEvents& events, Bell& bell) {
  demand_ = demand;
  events_ = &events;
  bell_ = &bell;
  deadline_ = Clock::now() + demand.open_timeout;
  writer_.emplace(options_, disk_, [&bell] { bell.ring(); });
}

Clock::time_point CaptureSource::serve(Clock::time_point now) {
  if (has_failed_) return Clock::time_point::max();
  if (!is_open_ && !open_source(now)) return deadline_;
  if (!is_over_ && writer_->state() == CaptureWriter::State::kEnded) tell_end(writer_->status());
  ring_where_there_is_room();
  return source_->serve(now);
}

bool CaptureSource::open_source(Clock::time_point now) {
  const CaptureWriter::State state = writer_->state();
  if (state == CaptureWriter::State::kEnded) {
    fail(writer_->status());
  } else if (state == CaptureWriter::State::kOpen) {
    demand_.open_timeout = std::max(milliseconds(1), duration_cast<milliseconds>(deadline_ - now));
    is_open_ = true;
    source_->open(demand_, *events_, *bell_);
  } else if (now >= deadline_) {
    fail(capture_not_opened(options_.dir, demand_.open_timeout));
  }
  return is_open_;
}

void CaptureSource::fail(Status status) {
  has_failed_ = true;
  events_->on_failed(std::move(status));
}

Status CaptureSource::start(PartitionHandle partition, const AssignedPartition& assigned) {
  if (is_over_ && options_.holds_stream) return writer_->status();
  if (partition.slot >= lanes_.size()) lanes_.resize(partition.slot + 1);
  lanes_[partition.slot] = {partition, true, false};
  writer_->start(partition.slot, assigned.id, assigned.range, assigned.gap_policy,
                 assigned.most_inflated_bytes);
  return source_->start(partition, assigned);
}

void CaptureSource::stop(PartitionHandle partition) {
  if (partition.slot < lanes_.size() && lanes_[partition.slot].partition == partition &&
      std::exchange(lanes_[partition.slot].is_started, false)) {
    writer_->stop(partition.slot);
  }
  source_->stop(partition);
}

Source::Taken CaptureSource::take(PartitionHandle partition, size_t room, PartitionInput& input) {
  const size_t capture_room = writer_->ask_for_room();
  Lane& lane = lanes_[partition.slot];
  lane.waits_for_room = capture_room == 0;
  if (lane.waits_for_room) return Taken();
  CaptureTap tap(*writer_, partition.slot, input);
  return source_->take(partition, std::min(room, capture_room), tap);
}

void CaptureSource::ring_where_there_is_room() {
  const auto waits = [](const Lane& lane) { return lane.waits_for_room; };
  if (std::none_of(lanes_.begin(), lanes_.end(), waits) || writer_->ask_for_room() == 0) return;
  for (Lane& lane : lanes_) {
    if (std::exchange(lane.waits_for_room, false)) bell_->ring(lane.partition);
  }
}

StallFacts CaptureSource::stall_facts(PartitionHandle partition) const {
  StallFacts facts = source_->stall_facts(partition);
  if (lanes_[partition.slot].waits_for_room) {
    facts.last_error = "the capture in '" + options_.dir + "' waits for its disk";
  }
  return facts;
}

void CaptureSource::tell_end(const Status& status) {
  is_over_ = true;
  bool is_told = false;
  for (const Lane& lane : lanes_) {
    if (!options_.holds_stream || !lane.is_started) continue;
    events_->on_partition_failed(lane.partition, status);
    is_told = true;
  }
  // A stream that has ended has no partition that can fail.
  if (!is_told) tell(status);
}

void CaptureSource::tell(const Status& status) {
  ClientEvent event(ClientEvent::Type::kCaptureEnded);
  event.code = status.code;
  event.system_error = status.system_error;
  event.message = status.message;
  events_->on_client_event(std::move(event));
}

// Most of the time is the disk's, and the source has what is left.
void CaptureSource::close(milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  const Status status = writer_->close(deadline - timeout / 5);
  if (!is_open_) return;
  if (!is_over_ && !status.ok()) tell(status);
  if (const Status loss = writer_->loss(); !loss.ok()) tell(loss);
  const auto left = duration_cast<milliseconds>(deadline - Clock::now());
  source_->close(std::max(left, milliseconds(0)));
}

}  // namespace tidemark
