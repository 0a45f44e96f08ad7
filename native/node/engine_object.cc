#include "node/engine_object.h"

#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "engine/stream_token.h"
#include "node/engine_options.h"
#include "node/slab_lease.h"
#include "node/values.h"

namespace tidemark {
namespace {

Clock::time_point deadline_after(double timeout_ms) {
  constexpr double kForever = 1e12;  // about 30 years
  if (!(timeout_ms < kForever)) return Clock::time_point::max();
  return Clock::now() + std::chrono::microseconds(std::llround(timeout_ms * 1000));
}

Napi::Value optional_bigint(Napi::Env env, const std::optional<int64_t>& value) {
  if (!value) return env.Null();
  return Napi::BigInt::New(env, *value);
}

std::optional<int64_t> unless(int64_t none, int64_t value) {
  if (value == none) return std::nullopt;
  return value;
}

const char* phase_name(Phase phase) {
  switch (phase) {
    case Phase::kReplay:
      return "replay";
    case Phase::kLive:
      return "live";
    case Phase::kEnded:
      break;
  }
  return "ended";
}

Napi::Object event_of(Napi::Env env, const char* type) {
  Napi::Object event = Napi::Object::New(env);
  event.Set("type", type);
  return event;
}

}  // namespace

void export_engine(Napi::Env env, Napi::Object exports) {
  using Object = EngineObject;
  exports.Set(
      "Engine",
      Object::DefineClass(
          env, "Engine",
          {
              Object::InstanceMethod<&Object::poll>("poll"),
              Object::InstanceMethod<&Object::cancel_poll>("cancelPoll"),
              Object::InstanceMethod<&Object::release>("release"),
              Object::InstanceMethod<&Object::phase>("phase"),
              Object::InstanceMethod<&Object::watermark>("watermark"),
              Object::InstanceMethod<&Object::held_message_count>("heldMessageCount"),
              Object::InstanceMethod<&Object::paused_partition_count>("pausedPartitionCount"),
              Object::InstanceMethod<&Object::memory>("memory"),
              Object::InstanceMethod<&Object::digest>("digest"),
              Object::InstanceMethod<&Object::token>("token"),
              Object::InstanceMethod<&Object::partition_state>("partitionState"),
              Object::InstanceMethod<&Object::set_oauth_token>("setOAuthToken"),
              Object::InstanceMethod<&Object::set_oauth_token_failure>("setOAuthTokenFailure"),
              Object::InstanceMethod<&Object::deliver>("deliver"),
              Object::InstanceMethod<&Object::close>("close"),
          }));
}

EngineObject::EngineObject(const Napi::CallbackInfo& info)
    : ConnectedObject<EngineObject, Engine>(info) {
  if (IsEmpty()) return;  // a worker that is being terminated: nobody waits for an engine
  ReadOptions read = read_options(info[0].As<Napi::Object>());
  if (!read.fault.empty()) {
    Napi::TypeError::New(info.Env(), read.fault).ThrowAsJavaScriptException();
    return;
  }
  transferable_ = read.transferable;
  kafka_ = std::move(read.kafka);
  read_committed_ = read.engine.inputs.front().demand.read_committed;
  fail_on_late_record_ = read.engine.fail_on_late_record;
  connect(info.Env(), info.This().As<Napi::Object>(), info[1], [&](std::function<void()> ring) {
    return Engine::start(std::move(read.engine), std::move(ring));
  });
  slab_pool_ = worker()->slab_pool();
  begin_wait();  // for `opened`
}

// A thread-safe function is called up to 1,000 times in one turn of the event loop, as long as it
// rings again meanwhile. JavaScript knows when a turn ends, and comes for one batch a turn.
void EngineObject::on_ring(Napi::Env env) { emit(env, event_of(env, "rung")); }

Napi::Value EngineObject::poll(const Napi::CallbackInfo& info) {
  const double timeout_ms = info[0].As<Napi::Number>().DoubleValue();
  const bool accepted = worker() && worker()->mailbox().request_poll(deadline_after(timeout_ms));
  if (accepted) {
    poll_pending_ = true;
    begin_wait();
  }
  return Napi::Boolean::New(info.Env(), accepted);
}

void EngineObject::cancel_poll(const Napi::CallbackInfo&) {
  if (!poll_pending_) return;
  if (worker()) worker()->mailbox().cancel_poll();
  poll_pending_ = false;
  end_wait();
}

void EngineObject::release(const Napi::CallbackInfo& info) {
  release_slab(info[0].As<Napi::Object>());
}

Napi::Value EngineObject::phase(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), phase_name(state_.phase));
}

Napi::Value EngineObject::watermark(const Napi::CallbackInfo& info) {
  return optional_bigint(info.Env(), state_.watermark);
}

Napi::Value EngineObject::held_message_count(const Napi::CallbackInfo& info) {
  const int64_t held = worker() ? worker()->fetched_records() - state_.released_records : 0;
  return Napi::Number::New(info.Env(), static_cast<double>(held));
}

Napi::Value EngineObject::paused_partition_count(const Napi::CallbackInfo& info) {
  size_t paused = 0;
  if (worker()) {
    for (const StreamState::Partition& partition : state_.partitions)
      paused += partition.stats->is_paused.load(std::memory_order_relaxed);
  }
  return Napi::Number::New(info.Env(), static_cast<double>(paused));
}

Napi::Value EngineObject::memory(const Napi::CallbackInfo& info) {
  EngineMemory memory;
  if (worker()) {
    memory = worker()->memory();
  } else if (const std::shared_ptr<SlabPool> pool = slab_pool_.lock()) {
    memory.slabs = pool->memory();
  }
  Napi::Object object = Napi::Object::New(info.Env());
  const auto set = [&](const char* name, size_t bytes) {
    object.Set(name, Napi::Number::New(info.Env(), static_cast<double>(bytes)));
  };
  set("responses", memory.sources.responses);
  set("queued", memory.sources.queued.payload);
  set("queuedOverhead", memory.sources.queued.overhead);
  set("merging", memory.sources.taken.payload);
  set("mergingOverhead", memory.sources.taken.overhead);
  set("decoding", memory.decoding);
  set("inflating", memory.inflating);
  set("preparedBatches", memory.prepared_slabs);
  set("handedOutBatches", memory.slabs.handed_out);
  set("freeBatches", memory.slabs.free);
  set("spareBuffers", memory.sources.spare);
  set("client", memory.sources.client);
  return object;
}

Napi::Value EngineObject::digest(const Napi::CallbackInfo& info) {
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("rows", Napi::Number::New(info.Env(), static_cast<double>(state_.digest.rows())));
  object.Set("first", Napi::BigInt::New(info.Env(), state_.digest.first()));
  object.Set("second", Napi::BigInt::New(info.Env(), state_.digest.second()));
  return object;
}

// Of the last answer alone, so that it is the same after the engine's end.
Napi::Value EngineObject::token(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(),
                           write_token(token_of(state_, read_committed_, fail_on_late_record_)));
}

Napi::Value EngineObject::partition_state(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Array rows = Napi::Array::New(env);
  if (!worker() || !opened_) return rows;
  for (const StreamState::Partition& released : state_.partitions) {
    const PartitionStats& stats = *released.stats;
    const auto bigint = [&](int64_t value) { return Napi::BigInt::New(env, value); };
    const auto stat = [&](const std::atomic<int64_t>& value) {
      return optional_bigint(env,
                             unless(PartitionStats::kNone, value.load(std::memory_order_relaxed)));
    };
    Napi::Object row = Napi::Object::New(env);
    row.Set("source", stats.id.source);
    row.Set("topic", stats.id.topic);
    row.Set("partition", Napi::Number::New(env, stats.id.partition));
    row.Set("replayStartOffset", bigint(stats.range.start_offset));
    row.Set("replayEndOffset", bigint(stats.range.end_offset));
    row.Set("consumedOffset", stat(stats.fetched_offset));
    row.Set("releasedOffset", optional_bigint(env, released.released_offset));
    row.Set("lastMessageTimestamp", stat(stats.last_message_timestamp));
    row.Set("isLive", Napi::Boolean::New(env, released.is_live));
    row.Set("isPaused", Napi::Boolean::New(env, stats.is_paused.load(std::memory_order_relaxed)));
    row.Set("lateRecords", bigint(released.late_records));
    row.Set("gaps", bigint(released.missing_offsets));
    rows.Set(rows.Length(), row);
  }
  return rows;
}

Napi::Value EngineObject::set_oauth_token(const Napi::CallbackInfo& info) {
  KafkaSource* const source = kafka_source(info[0].As<Napi::String>());
  if (source == nullptr) return info.Env().Null();
  return to_js(info.Env(), source->set_oauth_token(info[1].As<Napi::String>(),
                                                   info[2].As<Napi::Number>().Int64Value(),
                                                   info[3].As<Napi::String>()));
}

void EngineObject::set_oauth_token_failure(const Napi::CallbackInfo& info) {
  KafkaSource* const source = kafka_source(info[0].As<Napi::String>());
  if (source != nullptr) source->set_oauth_token_failure(info[1].As<Napi::String>());
}

KafkaSource* EngineObject::kafka_source(const std::string& name) const {
  const auto found = kafka_.find(name);
  return worker() && found != kafka_.end() ? found->second.get() : nullptr;
}

void EngineObject::close(const Napi::CallbackInfo&) {
  if (!worker() || close_pending_) return;
  close_pending_ = true;
  begin_wait();
  worker()->close();
}

void EngineObject::deliver(const Napi::CallbackInfo& info) { deliver_from(info.Env()); }

// Everything that the mailbox holds, as events, each from this turn of the event loop.
void EngineObject::deliver_all(Napi::Env env, bool is_closed) {
  Mailbox& mailbox = worker()->mailbox();
  for (LogLine& line : mailbox.take_logs()) {
    Napi::Object event = event_of(env, "log");
    event.Set("level", Napi::Number::New(env, line.level));
    event.Set("facility", line.facility);
    event.Set("message", line.message);
    if (!line.source.empty()) event.Set("source", line.source);
    emit(env, event);
  }
  for (const ClientEvent& client_event : mailbox.take_client_events()) {
    Napi::Object event = event_of(env, "clientEvent");
    event.Set("clientEvent", to_js(env, client_event));
    emit(env, event);
  }
  for (const std::string& source : mailbox.take_token_requests()) {
    Napi::Object event = event_of(env, "token");
    event.Set("source", source);
    emit(env, event);
  }
  if (std::optional<Status> status = mailbox.take_opened()) {
    opened_ = status->ok();
    if (opened_) state_ = worker()->first_state();
    Napi::Object event = event_of(env, "opened");
    event.Set("error", to_js(env, *status));
    const EngineOptions& options = worker()->options();
    event.Set("columns", to_js(env, options.columns, dictionaries_of(options.inputs)));
    emit(env, event);
    end_wait();
  }
  if (poll_pending_) {
    if (std::optional<Answer> answer = mailbox.take_answer()) {
      poll_pending_ = false;
      if (answer->error.ok()) state_ = std::move(answer->state);
      Napi::Object event = event_of(env, "polled");
      event.Set("slab", answer->slab
                            ? lease_slab(env, std::move(answer->slab), worker()->slab_pool(),
                                         transferable_, &last_lease_)
                            : env.Null());
      event.Set("error", to_js(env, answer->error));
      emit(env, event);
      end_wait();
    }
  }
  if (is_closed) {
    emit(env, event_of(env, "closed"));
    end_all_waits();
  }
}

}  // namespace tidemark
