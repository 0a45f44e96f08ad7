// EngineOptions: what the facade asks for, checked and complete.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "columns/schema.h"
#include "kafka/client.h"
#include "kafka/topic_resolver.h"
#include "log/replay_range.h"

namespace tidemark {

struct EngineOptions {
  ClientOptions client;
  std::vector<TopicStart> topics;
  Schema columns;
  size_t batch_size = 0;       // rows
  size_t max_batch_bytes = 0;  // of the columns of keys and values
  size_t max_buffered_bytes = 0;
  int64_t cutoff = kNoCutoff;  // epoch ms
  bool fail_on_late_record = false;
  bool wants_logs = false;
  bool wants_notices = false;
  std::chrono::milliseconds stall_timeout{0};  // 0: the watchdog is off
  int create_timeout_ms = 0;
  int close_timeout_ms = 0;
};

}  // namespace tidemark
