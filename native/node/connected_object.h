// ConnectedObject: an object of JavaScript's over a worker, which has a thread of its own. Three
// ends may come in any order: the object is collected, the worker ends, the environment ends.
#pragma once

#include <napi.h>

#include <memory>
#include <utility>

#include "node/doorbell.h"

namespace tidemark {

// `Worker` has close(), which asks its thread to end; is_closed(), the last thing that the thread
// says; and join(). `Object` has
//   on_ring(env)                 the worker has something new
//   deliver_all(env, is_closed)  hands it out
// All of it runs on the environment's own thread.
template <typename Object, typename Worker>
class ConnectedObject : public Napi::ObjectWrap<Object> {
 public:
  explicit ConnectedObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Object>(info) {}

  ~ConnectedObject() override {
    if (!connection_) return;
    // Collected without close(): the thread is asked to end and never waited for here.
    connection_->object = nullptr;
    connection_->worker->close();
  }

 protected:
  // Makes the worker by `start(ring)`, where `ring` may be called from any thread.
  template <typename Start>
  void connect(Napi::Env env, Napi::Object self, Napi::Value listener, Start start) {
    self.DefineProperty(Napi::PropertyDescriptor::Value(kListener, listener, napi_default));
    auto* connection = connection_ = new Connection;
    connection->object = static_cast<Object*>(this);
    connection->env = env;
    connection->doorbell =
        Doorbell::create(env, [connection](Napi::Env ring_env) { connection->on_ring(ring_env); });
    connection->worker = start([doorbell = connection->doorbell] { doorbell->ring(); });
    napi_add_env_cleanup_hook(env, Connection::on_environment_end, connection);
  }

  // Null when it has ended.
  Worker* worker() const { return connection_ ? connection_->worker.get() : nullptr; }

  // Delivers, and parts from the worker if that has ended.
  void deliver_from(Napi::Env env) {
    if (connection_) connection_->deliver(env);
  }

  // While something is awaited the process and this object stay alive.
  void begin_wait() {
    if (waits_++ > 0 || !connection_) return;
    this->Ref();
    connection_->doorbell->ref();
  }
  void end_wait() {
    if (--waits_ > 0 || !connection_) return;
    connection_->doorbell->unref();
    this->Unref();
  }
  void end_all_waits() {
    while (waits_ > 0)
      end_wait();
  }

  void emit(Napi::Env env, Napi::Object event) {
    if (this->Value().IsEmpty()) return;  // collected, and its finalizer is still to come
    Napi::Value listener = this->Value().Get(kListener);
    if (!listener.IsFunction()) return;
    listener.As<Napi::Function>().MakeCallback(env.Global(), {event});
  }

 private:
  // The listener is a property of the object itself, not a persistent reference: the closure
  // reaches back to the object, and a strong reference would keep a dropped one alive for ever.
  static constexpr const char* kListener = "_listener";

  // Outlives the object when that is collected before its worker has ended.
  struct Connection {
    std::shared_ptr<Doorbell> doorbell;
    std::shared_ptr<Worker> worker;
    Object* object;
    napi_env env;

    // Registered after the doorbell's thread-safe function, so it runs before that one's end.
    static void on_environment_end(void* data) {
      auto* connection = static_cast<Connection*>(data);
      connection->worker->close();
      connection->worker->join();
      connection->part();
    }

    void on_ring(Napi::Env ring_env) {
      if (object) {
        object->on_ring(ring_env);
      } else {
        deliver(ring_env);
      }
    }

    void deliver(Napi::Env turn_env) {
      // Asked once, and first: an end in the middle of it has a ring of its own to come.
      const bool is_closed = worker->is_closed();
      if (object) object->deliver_all(turn_env, is_closed);
      if (!is_closed) return;
      worker->join();
      napi_remove_env_cleanup_hook(env, on_environment_end, this);
      part();
    }

    void part() {
      doorbell->close();
      if (object) object->connection_ = nullptr;
      delete this;
    }
  };

  Connection* connection_ = nullptr;  // none when the worker has ended
  int waits_ = 0;
};

}  // namespace tidemark
