// EngineOptions from NativeOptions of src/native.ts.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "engine/engine_options.h"
#include "kafka/kafka_source.h"

namespace tidemark {

struct ReadOptions {
  EngineOptions engine;
  // Among the engine's inputs, if it reads from brokers: tokens are handed to it.
  std::shared_ptr<KafkaSource> kafka;
  bool transferable = false;
  std::string fault;  // what is wrong with them; empty: nothing
};

ReadOptions read_options(const Napi::Object& object);

}  // namespace tidemark
