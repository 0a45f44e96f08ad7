// EngineOptions from NativeOptions of src/native.ts.
#pragma once

#include <napi.h>

#include <map>
#include <memory>
#include <string>

#include "engine/engine_options.h"
#include "kafka/kafka_source.h"

namespace tidemark {

struct ReadOptions {
  EngineOptions engine;
  // Of the engine's inputs those that read from brokers, by name: tokens are handed to them.
  std::map<std::string, std::shared_ptr<KafkaSource>> kafka;
  bool transferable = false;
  std::string fault;  // what is wrong with them; empty: nothing
};

ReadOptions read_options(const Napi::Object& object);

}  // namespace tidemark
