// PartitionLog: the segments of one partition, as they were when the stream was opened.
#pragma once

#include <cstdint>
#include <vector>

#include "log/topic_partition.h"
#include "segments/log_directory.h"
#include "segments/transactions.h"
#include "status.h"

namespace tidemark {

struct PartitionLog {
  TopicPartition id;
  // The size of the last one is where its whole record batches end.
  std::vector<Segment> segments;
  int64_t start_offset = 0;
  // One past the last offset; under read_committed the last stable one.
  int64_t end_offset = 0;
  // A fault at `end_offset` - 1 hides where the log ends: it is met there, unless `end_fault` says
  // what it is.
  bool has_hidden_end = false;
  Status end_fault;
  bool read_committed = true;
  Transactions transactions;  // under read_committed
};

}  // namespace tidemark
