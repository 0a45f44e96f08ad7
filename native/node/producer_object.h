// ProducerObject: the producer as JavaScript sees it (NativeProducer in src/native.ts).
#pragma once

#include <napi.h>

#include "test_kit/producer.h"

namespace tidemark {

// Adds the class `Producer` to the addon's exports.
void export_producer(Napi::Env env, Napi::Object exports);

class ProducerObject : public Napi::ObjectWrap<ProducerObject> {
 public:
  explicit ProducerObject(const Napi::CallbackInfo& info);
  ~ProducerObject() override;

 private:
  friend void export_producer(Napi::Env env, Napi::Object exports);

  // Outlives the object when that is collected before its producer has ended.
  struct Connection;

  Napi::Value topic(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  template <ProducerTask kTask>
  void add(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  void deliver(Napi::Env env);
  void emit(Napi::Env env, Napi::Object event);
  // While something is awaited the process and this object stay alive.
  void begin_wait();
  void end_wait();

  Connection* connection_ = nullptr;  // none when the producer has ended
  bool close_pending_ = false;
  int waits_ = 0;
};

}  // namespace tidemark
