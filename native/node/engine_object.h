// EngineObject: the engine as JavaScript sees it (NativeEngine in src/native.ts).
#pragma once

#include <napi.h>

#include <map>
#include <memory>
#include <string>

#include "engine/engine.h"
#include "kafka/kafka_source.h"
#include "node/connected_object.h"
#include "node/slab_lease.h"

namespace tidemark {

// Adds the class `Engine` to the addon's exports.
void export_engine(Napi::Env env, Napi::Object exports);

class EngineObject : public ConnectedObject<EngineObject, Engine> {
 public:
  explicit EngineObject(const Napi::CallbackInfo& info);

 private:
  friend void export_engine(Napi::Env env, Napi::Object exports);

  friend class ConnectedObject<EngineObject, Engine>;

  Napi::Value poll(const Napi::CallbackInfo& info);
  void cancel_poll(const Napi::CallbackInfo& info);
  void release(const Napi::CallbackInfo& info);
  Napi::Value phase(const Napi::CallbackInfo& info);
  Napi::Value watermark(const Napi::CallbackInfo& info);
  Napi::Value held_message_count(const Napi::CallbackInfo& info);
  Napi::Value paused_partition_count(const Napi::CallbackInfo& info);
  Napi::Value memory(const Napi::CallbackInfo& info);
  Napi::Value digest(const Napi::CallbackInfo& info);
  Napi::Value token(const Napi::CallbackInfo& info);
  Napi::Value partition_state(const Napi::CallbackInfo& info);
  Napi::Value set_oauth_token(const Napi::CallbackInfo& info);
  void set_oauth_token_failure(const Napi::CallbackInfo& info);
  void deliver(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  void on_ring(Napi::Env env);
  void deliver_all(Napi::Env env, bool is_closed);

  // Null for a source that is not there, or reads from no broker.
  KafkaSource* kafka_source(const std::string& name) const;

  std::map<std::string, std::shared_ptr<KafkaSource>> kafka_;  // by the source's name
  StreamState state_;                                          // as of the last answer
  bool transferable_ = false;
  bool read_committed_ = true;
  bool fail_on_late_record_ = false;
  std::weak_ptr<SlabLease> last_lease_;
  std::weak_ptr<SlabPool> slab_pool_;  // what the caller still has keeps it after the engine's end
  bool opened_ = false;
  bool poll_pending_ = false;
  bool close_pending_ = false;
};

}  // namespace tidemark
