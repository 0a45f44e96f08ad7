// MicroLogs: what the partitions of the micro-benchmark hold, and the order that the merge gives
// it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "log/record_batch.h"
#include "merge/partition.h"
#include "merge/window_pool.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::bench {

// A run of records of one partition that follow each other in the merged stream.
struct Run {
  uint32_t partition;
  uint32_t records;
};

class MicroLogs {
 public:
  // `records` over `partitions`; as many as `run` of one partition follow each other in time.
  MicroLogs(size_t partitions, size_t run, size_t records, size_t value_size) {
    constexpr size_t kBatchRecords = 500;
    const size_t rounds = std::max<size_t>(1, records / (partitions * run));
    const std::string value(value_size, 'v');
    for (size_t partition = 0; partition < partitions; ++partition) {
      std::vector<testing::WrittenBatch> batches;
      for (size_t i = 0; i < rounds * run;) {
        const auto timestamp = [&](size_t n) {
          return static_cast<int64_t>((n / run * partitions + partition) * run + n % run);
        };
        testing::RecordBatchWriter writer(static_cast<int64_t>(i), timestamp(i));
        for (const size_t end = std::min(i + kBatchRecords, rounds * run); i < end; ++i) {
          writer.add({static_cast<int64_t>(i), timestamp(i), std::string("12345678"), value, {}});
        }
        batches.push_back(writer.finish());
      }
      partitions_.push_back(std::move(batches));
    }
    records_ = rounds * run * partitions;
    // Those of a single partition are one run.
    const size_t length = partitions == 1 ? records_ : run;
    for (size_t i = 0; i < records_ / length; ++i)
      runs_.push_back({static_cast<uint32_t>(i % partitions), static_cast<uint32_t>(length)});
  }

  size_t records() const { return records_; }
  // The merged stream, known beforehand.
  const std::vector<Run>& runs() const { return runs_; }
  const std::vector<std::vector<testing::WrittenBatch>>& partitions() const { return partitions_; }

  // Partitions that hold all of it. The batches' bytes stay here: nothing is copied or freed.
  std::vector<std::unique_ptr<Partition>> held() const {
    std::vector<std::unique_ptr<Partition>> held;
    for (size_t i = 0; i < partitions_.size(); ++i) {
      const std::vector<testing::WrittenBatch>& batches = partitions_[i];
      held.push_back(std::make_unique<Partition>(
          PartitionId{"topic", static_cast<int32_t>(i)},
          ReplayRange{0, batches.back().header.last_offset + 1}, GapPolicy::kError, *windows_));
      for (const testing::WrittenBatch& batch : batches)
        held.back()->push(batch.batch(), BatchOwner(nullptr, nullptr), 0);
    }
    return held;
  }

 private:
  // Nothing is compressed: it stays empty.
  std::unique_ptr<WindowPool> windows_ = std::make_unique<WindowPool>();
  std::vector<std::vector<testing::WrittenBatch>> partitions_;
  std::vector<Run> runs_;
  size_t records_;
};

}  // namespace tidemark::bench
