// CaptureSource: a source whose record batches are captured on their way. Neither the source within
// it nor the engine knows of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "capture/capture_options.h"
#include "capture/capture_writer.h"
#include "capture/disk.h"
#include "clock.h"
#include "source/source.h"

namespace tidemark {

class CaptureSource final : public Source {
 public:
  CaptureSource(std::shared_ptr<Source> source, CaptureOptions options, std::shared_ptr<Disk> disk)
      : source_(std::move(source)), options_(std::move(options)), disk_(std::move(disk)) {}

  // The source is opened when the folder of the capture is there.
  void open(const Demand& demand, SourceEvents& events, Bell& bell) override;
  Clock::time_point serve(Clock::time_point now) override;
  size_t share_budget(size_t bytes, size_t partitions) override {
    return source_->share_budget(bytes, partitions);
  }
  Status start(PartitionHandle partition, const AssignedPartition& assigned) override;
  void stop(PartitionHandle partition) override;
  Taken take(PartitionHandle partition, size_t room, PartitionInput& input) override;
  void enter_live() override { source_->enter_live(); }
  Progress progress(PartitionHandle partition) override { return source_->progress(partition); }
  StallFacts stall_facts(PartitionHandle partition) const override;
  // The capture shares what was taken.
  SourceMemory memory() override { return source_->memory(); }
  bool writes() const override { return true; }
  void close(std::chrono::milliseconds timeout) override;

 private:
  struct Lane {
    PartitionHandle partition;
    bool is_started = false;
    bool waits_for_room = false;
  };

  bool open_source(Clock::time_point now);
  void fail(Status status);
  void ring_where_there_is_room();
  void tell_end(const Status& status);
  void tell(const Status& status);

  const std::shared_ptr<Source> source_;
  const CaptureOptions options_;
  const std::shared_ptr<Disk> disk_;
  Demand demand_;
  SourceEvents* events_ = nullptr;
  Bell* bell_ = nullptr;
  Clock::time_point deadline_;  // of the opening
  bool is_open_ = false;        // of the source
  bool has_failed_ = false;     // to open, and that was told
  bool is_over_ = false;        // of the capture, and that was told
  std::optional<CaptureWriter> writer_;
  std::vector<Lane> lanes_;  // by the handle's slot
};

}  // namespace tidemark
