// EngineOptions: what the facade asks for, checked and complete.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "columns/schema.h"
#include "source/source.h"

namespace tidemark {

struct EngineOptions {
  struct Input {
    std::string name;  // no other has it; empty where there is one input only, and it has none
    std::shared_ptr<Source> source;
    Demand demand;
  };

  std::vector<Input> inputs;  // one at least
  Schema columns;
  size_t batch_size = 0;       // rows
  size_t max_batch_bytes = 0;  // of the columns of keys and values
  Budget budget;
  bool fail_on_late_record = false;
  bool digests = false;
  bool ends_after_replay = false;  // no live follows
  bool wants_logs = false;
  bool wants_client_events = false;
  std::chrono::milliseconds stall_timeout{0};  // 0: stalls are not looked for
  std::chrono::milliseconds close_timeout{0};
};

// What the columns of a stream over these inputs take their words from.
Dictionaries dictionaries_of(const std::vector<EngineOptions::Input>& inputs);

}  // namespace tidemark
