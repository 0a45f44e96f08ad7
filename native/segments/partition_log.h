// PartitionLog: the segments of one partition, as they were when the stream was opened.
#pragma once

#include <cstdint>
#include <vector>

#include "log/topic_partition.h"
#include "segments/log_directory.h"
#include "segments/transactions.h"

namespace tidemark {

struct PartitionLog {
  TopicPartition id;
  // The size of the last one is where its whole record batches end.
  std::vector<Segment> segments;
  int64_t start_offset = 0;
  // One past the last offset; under read_committed the last stable one.
  int64_t end_offset = 0;
  // A fault at `end_offset` - 1, in the last segment, hides where the log ends.
  bool has_hidden_end = false;
  bool read_committed = true;
  Transactions transactions;  // under read_committed
};

}  // namespace tidemark
