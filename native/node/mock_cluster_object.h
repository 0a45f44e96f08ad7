// MockClusterObject: a MockCluster for JavaScript (NativeMockCluster in src/native.ts).
#pragma once

#include <napi.h>

#include <memory>

#include "test_kit/mock_cluster.h"

namespace tidemark {

// Adds the class `MockCluster` to the addon's exports.
void export_mock_cluster(Napi::Env env, Napi::Object exports);

// Lives until close() or the end of its environment, even when nothing refers to it any more: who
// reads from it knows its address alone.
class MockClusterObject : public Napi::ObjectWrap<MockClusterObject> {
 public:
  explicit MockClusterObject(const Napi::CallbackInfo& info);

 private:
  friend void export_mock_cluster(Napi::Env env, Napi::Object exports);

  Napi::Value bootstrap_servers(const Napi::CallbackInfo& info);
  Napi::Value create_topic(const Napi::CallbackInfo& info);
  Napi::Value set_leader(const Napi::CallbackInfo& info);
  Napi::Value set_broker_down(const Napi::CallbackInfo& info);
  Napi::Value set_round_trip_time(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  // Makes a request, which returns a Status, and says in JavaScript what came of it.
  template <typename Request>
  Napi::Value ask(const Napi::CallbackInfo& info, Request request);

  static void on_environment_end(void* data);

  std::unique_ptr<MockCluster> cluster_;  // null once it is closed
};

}  // namespace tidemark
