// SegmentStream: what a SegmentSource gives of a folder, without the engine.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clock.h"
#include "log/partition_input.h"
#include "log/record_batch_decoder.h"
#include "segments/segment_source.h"
#include "source/wake_up.h"

namespace tidemark::testing {

// Decodes what it is given, as the engine does.
class Collector final : public PartitionInput {
 public:
  explicit Collector(int64_t position) : position_(position) {}

  void push(const RecordBatch& batch, BatchOwner owner, size_t) override {
    RecordBatchDecoder decoder;
    ASSERT_EQ(decoder.open(batch), nullptr);
    while (decoder.remaining() > 0) {
      Record record;
      size_t count = 0;
      ASSERT_EQ(decoder.decode(&record, 1, &count), nullptr);
      if (record.offset >= position_) offsets.push_back(record.offset);
    }
    kinds.push_back(batch.kind);
    epochs.push_back(batch.leader_epoch);
    position_ = batch.last_offset + 1;
    (void)owner;
  }
  void reach(int64_t offset) override { reached = offset; }
  void fail(Status its_status) override { status = std::move(its_status); }
  int64_t position() const override { return position_; }

  std::vector<int64_t> offsets;
  std::vector<RecordBatchKind> kinds;
  std::vector<int32_t> epochs;
  std::optional<int64_t> reached;
  Status status;

 private:
  int64_t position_;
};

// Of the topic "t".
class SegmentStream final : public SourceEvents {
 public:
  explicit SegmentStream(const std::string& folder, Start start = {}, bool read_committed = true)
      : source_(folder) {
    Demand demand;
    demand.topics = {{"t", start}};
    demand.read_committed = read_committed;
    demand.budget = {1 << 20, true};
    demand.open_timeout = std::chrono::seconds(60);
    source_.open(demand, *this, bell_);
    std::vector<PartitionHandle> rung;
    while (!assigned && failure.ok()) {
      const Clock::time_point next = source_.serve(Clock::now());
      if (!assigned && failure.ok()) bell_.wait_until(next, &rung);
    }
  }
  ~SegmentStream() { source_.close(std::chrono::seconds(30)); }

  const AssignedPartition& partition(size_t index = 0) { return assigned->at(index); }

  // Reads the only partition to its end, or to its fault.
  Collector read() {
    source_.share_budget(1 << 20, assigned->size());
    EXPECT_TRUE(source_.start({0, 1}, partition()).ok());
    Collector collector(partition().range.start_offset);
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    std::vector<PartitionHandle> rung;
    while (!collector.reached && collector.status.ok() && Clock::now() < deadline) {
      bell_.wait_until(deadline, &rung);
      while (source_.take({0, 1}, 1 << 16, collector).has_more) {
      }
    }
    return collector;
  }

  std::optional<std::vector<AssignedPartition>> assigned;
  Status failure;

 private:
  void on_assigned(std::vector<AssignedPartition> partitions) override {
    assigned = std::move(partitions);
  }
  void on_revoked(const std::vector<PartitionHandle>&) override {}
  void on_partition_failed(PartitionHandle, Status) override {}
  void on_failed(Status status) override { failure = std::move(status); }
  void on_client_event(ClientEvent) override {}
  void on_log(LogLine) override {}
  void on_token_request() override {}

  WakeUp bell_;
  SegmentSource source_;
};

inline std::vector<int64_t> range(int64_t begin, int64_t end) {
  std::vector<int64_t> offsets;
  for (int64_t offset = begin; offset < end; ++offset)
    offsets.push_back(offset);
  return offsets;
}

inline Start at(int64_t time) { return {Start::Kind::kTime, time}; }

}  // namespace tidemark::testing
