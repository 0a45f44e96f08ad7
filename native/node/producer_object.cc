#include "node/producer_object.h"

#include <chrono>
#include <functional>
#include <utility>

#include "errors.h"
#include "node/values.h"

namespace tidemark {
namespace {

std::chrono::milliseconds milliseconds_at(const Napi::CallbackInfo& info, size_t index) {
  return std::chrono::milliseconds(info[index].As<Napi::Number>().Int64Value());
}

}  // namespace

void export_producer(Napi::Env env, Napi::Object exports) {
  using Object = ProducerObject;
  using Task = ProducerTask;
  exports.Set("Producer",
              Object::DefineClass(
                  env, "Producer",
                  {
                      Object::InstanceMethod<&Object::topic>("topic"),
                      Object::InstanceMethod<&Object::send>("send"),
                      Object::InstanceMethod<&Object::add<Task::kWaitForRoom>>("waitForRoom"),
                      Object::InstanceMethod<&Object::add<Task::kFlush>>("flush"),
                      Object::InstanceMethod<&Object::add<Task::kInit>>("initTransactions"),
                      Object::InstanceMethod<&Object::add<Task::kBegin>>("beginTransaction"),
                      Object::InstanceMethod<&Object::add<Task::kCommit>>("commitTransaction"),
                      Object::InstanceMethod<&Object::add<Task::kAbort>>("abortTransaction"),
                      Object::InstanceMethod<&Object::close>("close"),
                  }));
}

ProducerObject::ProducerObject(const Napi::CallbackInfo& info)
    : ConnectedObject<ProducerObject, Producer>(info) {
  if (IsEmpty()) return;  // see engine_object.cc
  connect(info.Env(), info.This().As<Napi::Object>(), info[1], [&](std::function<void()> ring) {
    return Producer::start(get_string_map(info[0]), std::move(ring));
  });
  begin_wait();  // for the answer to kOpened
}

void ProducerObject::on_ring(Napi::Env env) { deliver_from(env); }

Napi::Value ProducerObject::topic(const Napi::CallbackInfo& info) {
  const int32_t number = worker() ? worker()->topic(info[0].As<Napi::String>()) : -1;
  return Napi::Number::New(info.Env(), number);
}

Napi::Value ProducerObject::send(const Napi::CallbackInfo& info) {
  const auto packed = info[0].As<Napi::Uint8Array>();
  const auto begin = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  SendResult result{packed.ByteLength(), closed("the producer")};
  if (worker() && !close_pending_)
    result = worker()->send(packed.Data(), packed.ByteLength(), begin);
  Napi::Object sent = Napi::Object::New(info.Env());
  sent.Set("end", Napi::Number::New(info.Env(), static_cast<double>(result.end)));
  sent.Set("error", to_js(info.Env(), result.status));
  return sent;
}

template <ProducerTask kTask>
void ProducerObject::add(const Napi::CallbackInfo& info) {
  if (!worker()) return;  // the facade asks no more after `closed`
  begin_wait();
  worker()->add(info[0].As<Napi::Number>().Uint32Value(), kTask, milliseconds_at(info, 1));
}

void ProducerObject::close(const Napi::CallbackInfo& info) {
  if (!worker()) return;
  if (!std::exchange(close_pending_, true)) begin_wait();
  worker()->close(milliseconds_at(info, 0));
}

void ProducerObject::deliver_all(Napi::Env env, bool is_closed) {
  for (const ProducerAnswer& answer : worker()->take_answers()) {
    Napi::Object event = Napi::Object::New(env);
    event.Set("type", "done");
    event.Set("id", Napi::Number::New(env, answer.id));
    event.Set("error", to_js(env, answer.status));
    emit(env, event);
    end_wait();
  }
  if (!is_closed) return;
  Napi::Object event = Napi::Object::New(env);
  event.Set("type", "closed");
  event.Set("error", to_js(env, worker()->last_status()));
  emit(env, event);
  end_all_waits();
}

}  // namespace tidemark
