#include "node/doorbell.h"

#include <utility>

namespace tidemark {

std::shared_ptr<Doorbell> Doorbell::create(Napi::Env env, std::function<void(Napi::Env)> on_ring) {
  std::shared_ptr<Doorbell> doorbell(new Doorbell);
  doorbell->env_ = env;
  doorbell->on_ring_ = std::move(on_ring);
  // The function owns a reference: a call may be on its way when the last owner lets go.
  auto* context = new std::shared_ptr<Doorbell>(doorbell);
  napi_create_threadsafe_function(
      env, nullptr, nullptr, Napi::String::New(env, "tidemark"), 0, 1, nullptr,
      [](napi_env, void*, void* data) {
        auto* owned = static_cast<std::shared_ptr<Doorbell>*>(data);
        {
          // At the environment's end Node finalizes the function without being asked.
          std::lock_guard<std::mutex> lock((*owned)->mutex_);
          (*owned)->function_ = nullptr;
        }
        delete owned;
      },
      context, on_call, &doorbell->function_);
  napi_unref_threadsafe_function(env, doorbell->function_);
  return doorbell;
}

void Doorbell::on_call(napi_env env, napi_value, void* context, void*) {
  // The environment is ending. The context must not be read: Node finalizes a function first and
  // empties its queue after that, so a ring that was on its way found it freed.
  if (env == nullptr) return;
  // Copied: on_ring may close the doorbell, and with it drop the last other reference.
  const std::shared_ptr<Doorbell> doorbell = *static_cast<std::shared_ptr<Doorbell>*>(context);
  doorbell->rung_ = false;  // before looking: what is put from now on rings again
  {
    std::lock_guard<std::mutex> lock(doorbell->mutex_);
    if (!doorbell->function_) return;
  }
  Napi::HandleScope scope(env);
  doorbell->on_ring_(Napi::Env(env));
}

void Doorbell::ring() {
  if (rung_.exchange(true)) return;
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_) napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void Doorbell::ref() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_) napi_ref_threadsafe_function(env_, function_);
}

void Doorbell::unref() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_) napi_unref_threadsafe_function(env_, function_);
}

void Doorbell::close() {
  napi_threadsafe_function function;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    function = std::exchange(function_, nullptr);
  }
  if (function) napi_release_threadsafe_function(function, napi_tsfn_abort);
}

}  // namespace tidemark
