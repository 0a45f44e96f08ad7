// EngineOptions: what the facade asks for, checked and complete.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kafka/client.h"
#include "kafka/fetch_limits.h"
#include "kafka/topic_resolver.h"
#include "log/replay_range.h"

namespace tidemark {

struct EngineOptions {
  ClientOptions client;
  std::vector<TopicStart> topics;
  size_t batch_size = 0;       // rows
  size_t max_batch_bytes = 0;  // of keys and values
  size_t max_buffered_bytes = 0;
  bool buffered_bytes_may_grow = false;  // nobody has said how much it may be at most
  int64_t cutoff = kNoCutoff;            // epoch ms
  bool fail_on_late_record = false;
  bool wants_logs = false;
  bool wants_notices = false;
  std::chrono::milliseconds stall_timeout{0};  // 0: the watchdog is off
  int create_timeout_ms = 0;
  int close_timeout_ms = 0;

  // The budget of so many partitions.
  size_t budget_of(size_t partitions) const {
    const size_t least = partitions * kMinBudgetPerPartition;
    return buffered_bytes_may_grow ? std::max(max_buffered_bytes, least) : max_buffered_bytes;
  }
};

}  // namespace tidemark
