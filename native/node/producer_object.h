// ProducerObject: the producer as JavaScript sees it (NativeProducer in src/native.ts).
#pragma once

#include <napi.h>

#include "node/connected_object.h"
#include "test_kit/producer.h"

namespace tidemark {

// Adds the class `Producer` to the addon's exports.
void export_producer(Napi::Env env, Napi::Object exports);

class ProducerObject : public ConnectedObject<ProducerObject, Producer> {
 public:
  explicit ProducerObject(const Napi::CallbackInfo& info);

 private:
  friend void export_producer(Napi::Env env, Napi::Object exports);

  friend class ConnectedObject<ProducerObject, Producer>;

  Napi::Value topic(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  template <ProducerTask kTask>
  void add(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  void on_ring(Napi::Env env);
  void deliver_all(Napi::Env env, bool is_closed);

  bool close_pending_ = false;
};

}  // namespace tidemark
