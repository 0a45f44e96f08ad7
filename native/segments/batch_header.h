// write_batch_header: what stands in front of the records of a v2 record batch in a log segment.
//
// Format: Kafka protocol guide, "Record Batch", magic 2.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "log/record_batch.h"

namespace tidemark {

constexpr size_t kBatchHeaderBytes = 61;

using BatchHeader = std::array<uint8_t, kBatchHeaderBytes>;

// The largest records section that the length in the header has room for.
constexpr size_t kMostRecordBytes = 0x7fffffff - (kBatchHeaderBytes - 12);

// Of `batch` as it was fetched: its records are not compressed, it was written in no transaction
// that is still of interest, and by nobody. What has no records that can be read, a transaction
// marker or what was aborted, is as compaction leaves it: a batch without records covers its
// offsets.
BatchHeader write_batch_header(const RecordBatch& batch);

}  // namespace tidemark
