#include "node/producer_object.h"

#include <chrono>
#include <memory>
#include <utility>

#include "node/doorbell.h"
#include "node/values.h"

namespace tidemark {
namespace {

// A property of the object itself, not a persistent reference: see engine_object.cc.
constexpr const char* kListener = "_listener";

constexpr std::chrono::milliseconds kNoGrace(0);

std::chrono::milliseconds milliseconds_at(const Napi::CallbackInfo& info, size_t index) {
  return std::chrono::milliseconds(info[index].As<Napi::Number>().Int64Value());
}

}  // namespace

struct ProducerObject::Connection {
  std::shared_ptr<Doorbell> doorbell;
  std::shared_ptr<Producer> producer;
  ProducerObject* object;
  napi_env env;

  // Registered after the doorbell's thread-safe function, so it runs before that one's end.
  static void on_environment_end(void* data) {
    auto* connection = static_cast<Connection*>(data);
    connection->producer->close(kNoGrace);
    connection->producer->join();
    connection->doorbell->close();
    if (connection->object) connection->object->connection_ = nullptr;
    delete connection;
  }

  void on_ring(Napi::Env ring_env) {
    // Asked first: the last answers are there before it is true.
    const bool is_closed = producer->is_closed();
    if (object) object->deliver(ring_env);
    if (!is_closed) return;
    producer->join();  // that it is closed is the last thing the thread says
    doorbell->close();
    napi_remove_env_cleanup_hook(env, on_environment_end, this);
    if (ProducerObject* waiting = std::exchange(object, nullptr)) {
      waiting->connection_ = nullptr;
      Napi::Object event = Napi::Object::New(ring_env);
      event.Set("type", "closed");
      event.Set("error", to_js(ring_env, producer->last_status()));
      waiting->emit(ring_env, event);
      if (std::exchange(waiting->waits_, 0) > 0) waiting->Unref();
    }
    delete this;
  }
};

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
    : Napi::ObjectWrap<ProducerObject>(info) {
  if (IsEmpty()) return;  // see engine_object.cc
  Napi::Env env = info.Env();
  info.This().As<Napi::Object>().DefineProperty(
      Napi::PropertyDescriptor::Value(kListener, info[1], napi_default));
  auto* connection = connection_ = new Connection;
  connection->object = this;
  connection->env = env;
  connection->doorbell =
      Doorbell::create(env, [connection](Napi::Env ring_env) { connection->on_ring(ring_env); });
  connection->producer = Producer::start(get_string_map(info[0]),
                                         [doorbell = connection->doorbell] { doorbell->ring(); });
  napi_add_env_cleanup_hook(env, Connection::on_environment_end, connection);
  begin_wait();  // for the answer to kOpened
}

ProducerObject::~ProducerObject() {
  if (!connection_) return;
  // Collected without close(): the thread is asked to end and never waited for here.
  connection_->object = nullptr;
  connection_->producer->close(kNoGrace);
}

void ProducerObject::begin_wait() {
  if (waits_++ > 0) return;
  Ref();
  connection_->doorbell->ref();
}

void ProducerObject::end_wait() {
  if (--waits_ > 0) return;
  connection_->doorbell->unref();
  Unref();
}

Napi::Value ProducerObject::topic(const Napi::CallbackInfo& info) {
  const int32_t number =
      connection_ ? connection_->producer->topic(info[0].As<Napi::String>()) : -1;
  return Napi::Number::New(info.Env(), number);
}

Napi::Value ProducerObject::send(const Napi::CallbackInfo& info) {
  const auto packed = info[0].As<Napi::Uint8Array>();
  const auto begin = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  SendResult result{packed.ByteLength(),
                    Status::error(ErrorCode::kClosed, "the producer is closed")};
  if (connection_ && !close_pending_)
    result = connection_->producer->send(packed.Data(), packed.ByteLength(), begin);
  Napi::Object sent = Napi::Object::New(info.Env());
  sent.Set("end", Napi::Number::New(info.Env(), static_cast<double>(result.end)));
  sent.Set("error", to_js(info.Env(), result.status));
  return sent;
}

template <ProducerTask kTask>
void ProducerObject::add(const Napi::CallbackInfo& info) {
  if (!connection_) return;  // the facade asks no more after `closed`
  begin_wait();
  connection_->producer->add(info[0].As<Napi::Number>().Uint32Value(), kTask,
                             milliseconds_at(info, 1));
}

void ProducerObject::close(const Napi::CallbackInfo& info) {
  if (!connection_) return;
  if (!std::exchange(close_pending_, true)) begin_wait();
  connection_->producer->close(milliseconds_at(info, 0));
}

void ProducerObject::deliver(Napi::Env env) {
  for (const ProducerAnswer& answer : connection_->producer->take_answers()) {
    Napi::Object event = Napi::Object::New(env);
    event.Set("type", "done");
    event.Set("id", Napi::Number::New(env, answer.id));
    event.Set("error", to_js(env, answer.status));
    emit(env, event);
    end_wait();
  }
}

void ProducerObject::emit(Napi::Env env, Napi::Object event) {
  if (Value().IsEmpty()) return;  // collected, and its finalizer is still to come
  Napi::Value listener = Value().Get(kListener);
  if (listener.IsFunction()) listener.As<Napi::Function>().MakeCallback(env.Global(), {event});
}

}  // namespace tidemark
