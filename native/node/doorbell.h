// Doorbell: wakes the event loop from any thread. It carries nothing; what there is to say waits
// where the ringer put it.
#pragma once

#include <napi.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace tidemark {

// A thread-safe function without payload. Unreferenced at birth: an idle owner does not keep the
// process alive; ref() while something is awaited.
class Doorbell : public std::enable_shared_from_this<Doorbell> {
 public:
  // `on_ring` runs on the environment's thread, from a turn of the event loop of its own, once for
  // any number of rings before it. It may call close().
  static std::shared_ptr<Doorbell> create(Napi::Env env, std::function<void(Napi::Env)> on_ring);

  // From any thread, at any time, also after close(): then it does nothing.
  void ring();

  // On the environment's thread only.
  void ref();
  void unref();
  // Idempotent. Nothing is called after it.
  void close();

 private:
  Doorbell() = default;
  static void on_call(napi_env env, napi_value, void* context, void*);

  napi_env env_ = nullptr;
  std::mutex mutex_;  // a ring must not meet the release of the function
  napi_threadsafe_function function_ = nullptr;
  std::atomic<bool> rung_{false};
  std::function<void(Napi::Env)> on_ring_;
};

}  // namespace tidemark
