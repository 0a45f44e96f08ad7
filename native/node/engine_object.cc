#include "node/engine_object.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "node/slab_lease.h"
#include "node/values.h"

namespace tidemark {
namespace {

// The listener is a property of the object itself, not a persistent reference: the closure reaches
// back to the object, and a strong reference would keep a dropped manager alive for ever.
constexpr const char* kListener = "_listener";

TopicStart read_topic(const Napi::Object& object) {
  TopicStart topic;
  topic.topic = get_string(object, "name");
  const std::string start = get_string(object, "start");
  topic.kind = start == "latest"      ? TopicStart::Kind::kLatest
               : start == "timestamp" ? TopicStart::Kind::kTimestamp
                                      : TopicStart::Kind::kEarliest;
  topic.timestamp = static_cast<int64_t>(get_number(object, "timestampMs"));
  return topic;
}

EngineOptions read_options(const Napi::Object& object) {
  EngineOptions options;
  options.client.config = get_string_map(object.Get("config"));
  options.client.read_committed = get_boolean(object, "readCommitted");
  const Napi::Value topics = object.Get("topics");
  const uint32_t count = topics.IsArray() ? topics.As<Napi::Array>().Length() : 0;
  for (uint32_t i = 0; i < count; ++i) {
    const Napi::Value topic = topics.As<Napi::Array>().Get(i);
    if (topic.IsObject()) options.topics.push_back(read_topic(topic.As<Napi::Object>()));
  }
  options.columns = choose_columns(get_strings(object, "columns"));
  options.batch_size = static_cast<size_t>(get_number(object, "batchSize"));
  options.max_batch_bytes = static_cast<size_t>(get_number(object, "maxBatchBytes"));
  options.max_buffered_bytes = static_cast<size_t>(get_number(object, "maxBufferedBytes"));
  if (object.Get("cutoffMs").IsNumber())
    options.cutoff = static_cast<int64_t>(get_number(object, "cutoffMs"));
  options.fail_on_late_record = get_boolean(object, "failOnLateRecord");
  options.wants_logs = get_boolean(object, "wantsLogs");
  options.wants_notices = get_boolean(object, "wantsNotices");
  options.stall_timeout =
      std::chrono::milliseconds(static_cast<int64_t>(get_number(object, "stallTimeoutMs")));
  options.create_timeout_ms = static_cast<int>(get_number(object, "createTimeoutMs"));
  options.close_timeout_ms = static_cast<int>(get_number(object, "closeTimeoutMs"));
  return options;
}

// A record's topic is an index into them.
std::vector<std::string> sorted_topics(const EngineOptions& options) {
  std::vector<std::string> names;
  for (const TopicStart& start : options.topics)
    names.push_back(start.topic);
  std::sort(names.begin(), names.end());
  return names;
}

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

Napi::Object event_of(Napi::Env env, const char* type) {
  Napi::Object event = Napi::Object::New(env);
  event.Set("type", type);
  return event;
}

}  // namespace

struct EngineObject::Connection {
  std::shared_ptr<Doorbell> doorbell;
  std::shared_ptr<Engine> engine;
  EngineObject* object;
  napi_env env;

  // Registered after the doorbell's thread-safe function, so it runs before that one's end.
  static void on_environment_end(void* data) {
    auto* connection = static_cast<Connection*>(data);
    connection->engine->close();
    connection->engine->join();
    connection->doorbell->close();
    if (connection->object) connection->object->connection_ = nullptr;
    delete connection;
  }

  // A thread-safe function is called up to 1,000 times in one turn of the event loop, as long as
  // it rings again meanwhile. JavaScript knows when a turn ends, and comes for one batch a turn.
  void on_ring(Napi::Env ring_env) {
    if (object) {
      object->emit(ring_env, event_of(ring_env, "rung"));
    } else {
      deliver(ring_env);
    }
  }

  void deliver(Napi::Env turn_env) {
    // Asked once, and first: an end in the middle of deliver() has a ring of its own to come.
    const bool is_closed = engine->mailbox().is_closed();
    if (object) object->deliver_all(turn_env, is_closed);
    if (!is_closed) return;
    engine->join();  // `closed` is the last thing the thread does
    doorbell->close();
    napi_remove_env_cleanup_hook(env, on_environment_end, this);
    if (object) object->connection_ = nullptr;
    delete this;
  }
};

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
              Object::InstanceMethod<&Object::is_live>("isLive"),
              Object::InstanceMethod<&Object::low_water_mark>("lowWaterMark"),
              Object::InstanceMethod<&Object::held_message_count>("heldMessageCount"),
              Object::InstanceMethod<&Object::paused_partition_count>("pausedPartitionCount"),
              Object::InstanceMethod<&Object::partition_state>("partitionState"),
              Object::InstanceMethod<&Object::set_oauth_token>("setOAuthToken"),
              Object::InstanceMethod<&Object::set_oauth_token_failure>("setOAuthTokenFailure"),
              Object::InstanceMethod<&Object::deliver>("deliver"),
              Object::InstanceMethod<&Object::close>("close"),
          }));
}

EngineObject::EngineObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EngineObject>(info) {
  if (IsEmpty()) return;  // a worker that is being terminated: nobody waits for an engine
  Napi::Env env = info.Env();
  const auto options = info[0].As<Napi::Object>();
  transferable_ = get_boolean(options, "transferable");
  info.This().As<Napi::Object>().DefineProperty(
      Napi::PropertyDescriptor::Value(kListener, info[1], napi_default));

  auto* connection = connection_ = new Connection;
  connection->object = this;
  connection->env = env;
  connection->doorbell =
      Doorbell::create(env, [connection](Napi::Env ring_env) { connection->on_ring(ring_env); });
  connection->engine =
      Engine::start(read_options(options), [doorbell = connection->doorbell] { doorbell->ring(); });
  napi_add_env_cleanup_hook(env, Connection::on_environment_end, connection);
  begin_wait();  // for `opened`
}

EngineObject::~EngineObject() {
  if (!connection_) return;
  // Collected without close(): the thread is asked to end and never waited for here.
  connection_->object = nullptr;
  connection_->engine->close();
}

void EngineObject::begin_wait() {
  if (waits_++ > 0 || !connection_) return;
  Ref();
  connection_->doorbell->ref();
}

void EngineObject::end_wait() {
  if (--waits_ > 0 || !connection_) return;
  connection_->doorbell->unref();
  Unref();
}

Napi::Value EngineObject::poll(const Napi::CallbackInfo& info) {
  const double timeout_ms = info[0].As<Napi::Number>().DoubleValue();
  const bool accepted =
      connection_ && connection_->engine->mailbox().request_poll(deadline_after(timeout_ms));
  if (accepted) {
    poll_pending_ = true;
    begin_wait();
  }
  return Napi::Boolean::New(info.Env(), accepted);
}

void EngineObject::cancel_poll(const Napi::CallbackInfo&) {
  if (!poll_pending_) return;
  if (connection_) connection_->engine->mailbox().cancel_poll();
  poll_pending_ = false;
  end_wait();
}

void EngineObject::release(const Napi::CallbackInfo& info) {
  release_slab(info[0].As<Napi::Object>());
}

Napi::Value EngineObject::is_live(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), state_.is_live);
}

Napi::Value EngineObject::low_water_mark(const Napi::CallbackInfo& info) {
  return optional_bigint(info.Env(), state_.low_water_mark);
}

Napi::Value EngineObject::held_message_count(const Napi::CallbackInfo& info) {
  const int64_t held =
      connection_ ? connection_->engine->fetched_records() - state_.released_records : 0;
  return Napi::Number::New(info.Env(), static_cast<double>(held));
}

Napi::Value EngineObject::paused_partition_count(const Napi::CallbackInfo& info) {
  size_t paused = 0;
  if (connection_) {
    for (const StreamState::Partition& partition : state_.partitions)
      paused += partition.stats->is_paused.load(std::memory_order_relaxed);
  }
  return Napi::Number::New(info.Env(), static_cast<double>(paused));
}

Napi::Value EngineObject::partition_state(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Array rows = Napi::Array::New(env);
  if (!connection_ || !opened_) return rows;
  for (const StreamState::Partition& released : state_.partitions) {
    const ResolvedPartition& resolved = *released.resolved;
    const PartitionStats& stats = *released.stats;
    const auto bigint = [&](int64_t value) { return Napi::BigInt::New(env, value); };
    const auto stat = [&](const std::atomic<int64_t>& value) {
      return optional_bigint(env,
                             unless(PartitionStats::kNone, value.load(std::memory_order_relaxed)));
    };
    Napi::Object row = Napi::Object::New(env);
    row.Set("topic", resolved.id.topic);
    row.Set("partition", Napi::Number::New(env, resolved.id.partition));
    row.Set("replayStartOffset", bigint(resolved.range.start_offset));
    row.Set("replayEndOffset", bigint(resolved.range.end_offset));
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
  if (!connection_) return info.Env().Null();
  return to_js(info.Env(), connection_->engine->set_oauth_token(
                               info[0].As<Napi::String>(), info[1].As<Napi::Number>().Int64Value(),
                               info[2].As<Napi::String>()));
}

void EngineObject::set_oauth_token_failure(const Napi::CallbackInfo& info) {
  if (connection_) connection_->engine->set_oauth_token_failure(info[0].As<Napi::String>());
}

void EngineObject::close(const Napi::CallbackInfo&) {
  if (!connection_ || close_pending_) return;
  close_pending_ = true;
  begin_wait();
  connection_->engine->close();
}

void EngineObject::deliver(const Napi::CallbackInfo& info) {
  if (connection_) connection_->deliver(info.Env());
}

// Everything that the mailbox holds, as events, each from this turn of the event loop.
void EngineObject::deliver_all(Napi::Env env, bool is_closed) {
  Mailbox& mailbox = connection_->engine->mailbox();
  for (LogLine& line : mailbox.take_logs()) {
    Napi::Object event = event_of(env, "log");
    event.Set("level", Napi::Number::New(env, line.level));
    event.Set("facility", line.facility);
    event.Set("message", line.message);
    emit(env, event);
  }
  for (const Notice& notice : mailbox.take_notices()) {
    Napi::Object event = event_of(env, "notice");
    event.Set("notice", to_js(env, notice));
    emit(env, event);
  }
  if (mailbox.take_token_request()) emit(env, event_of(env, "token"));
  if (std::optional<Status> status = mailbox.take_opened()) {
    opened_ = status->ok();
    if (opened_) state_ = connection_->engine->first_state();
    Napi::Object event = event_of(env, "opened");
    event.Set("error", to_js(env, *status));
    const EngineOptions& options = connection_->engine->options();
    event.Set("columns", to_js(env, options.columns, sorted_topics(options)));
    emit(env, event);
    end_wait();
  }
  if (poll_pending_) {
    if (std::optional<Answer> answer = mailbox.take_answer()) {
      poll_pending_ = false;
      if (answer->error.ok()) state_ = std::move(answer->state);
      Napi::Object event = event_of(env, "polled");
      event.Set("slab", answer->slab ? lease_slab(env, std::move(answer->slab),
                                                  connection_->engine->slab_pool(), transferable_,
                                                  &last_lease_)
                                     : env.Null());
      event.Set("error", to_js(env, answer->error));
      emit(env, event);
      end_wait();
    }
  }
  if (is_closed) {
    emit(env, event_of(env, "closed"));
    while (waits_ > 0)
      end_wait();
  }
}

void EngineObject::emit(Napi::Env env, Napi::Object event) {
  if (Value().IsEmpty()) return;  // collected, and its finalizer is still to come
  Napi::Value listener = Value().Get(kListener);
  if (!listener.IsFunction()) return;
  listener.As<Napi::Function>().MakeCallback(env.Global(), {event});
}

}  // namespace tidemark
