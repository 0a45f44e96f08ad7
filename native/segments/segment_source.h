// SegmentSource: the partitions of a folder with Kafka's own log segments: of a broker's data
// folder, a backup, a copy from tiered storage. It needs no broker and no client, and writes
// nothing. What a broker appends after the stream was opened is not read.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "clock.h"
#include "segments/read_ahead.h"
#include "source/source.h"

namespace tidemark {

class SegmentSource final : public Source {
 public:
  explicit SegmentSource(std::string folder) : folder_(std::move(folder)) {}

  void open(const Demand& demand, SourceEvents& events, Bell& bell) override;
  Clock::time_point serve(Clock::time_point now) override;
  size_t share_budget(size_t bytes, size_t partitions) override;
  Status start(PartitionHandle partition, const AssignedPartition& assigned) override;
  void stop(PartitionHandle partition) override;
  Taken take(PartitionHandle partition, size_t room, PartitionInput& input) override;
  void enter_live() override;
  Progress progress(PartitionHandle partition) override;
  StallFacts stall_facts(PartitionHandle partition) const override;
  SourceMemory memory() override;
  void close(std::chrono::milliseconds timeout) override;

 private:
  void fail(Status status);

  const std::string folder_;
  SourceEvents* events_ = nullptr;
  Bell* bell_ = nullptr;
  std::chrono::milliseconds open_timeout_{0};
  Clock::time_point deadline_;  // to be open
  bool is_opening_ = false;
  Status failure_;          // the thread could not be started
  std::mutex ahead_mutex_;  // it is given up by one thread, asked by another
  std::shared_ptr<ReadAhead> ahead_;
  std::vector<std::shared_ptr<const PartitionLog>> logs_;
  std::vector<AssignedPartition> added_;  // partitions that wait for the end of the replay
  bool is_live_ = false;
  std::vector<int64_t> end_offsets_;  // by the handle's slot
};

}  // namespace tidemark
