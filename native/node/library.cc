#include "node/library.h"

#include "columns/schema.h"
#include "kafka/configuration.h"
#include "kafka/fetch_limits.h"
#include "node/malloc_memory.h"
#include "node/token_to_js.h"
#include "node/values.h"
#include "source/budget.h"
#include "source/client_event.h"
#include "status.h"

namespace tidemark {
namespace {

Napi::Value properties(const Napi::CallbackInfo& info) {
  const auto& known = known_properties();
  Napi::Env env = info.Env();
  Napi::Array rows = Napi::Array::New(env, known.size());
  uint32_t index = 0;
  for (const auto& [name, property] : known) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("name", name);
    row.Set("scope", property.scope == 'P' ? "producer" : property.scope == 'C' ? "consumer" : "*");
    row.Set("aliasOf", property.alias_of);
    rows.Set(index++, row);
  }
  return rows;
}

Napi::Value error_codes(const Napi::CallbackInfo& info) {
  Napi::Array codes = Napi::Array::New(info.Env());
  for (int code = 1; code <= static_cast<int>(ErrorCode::kKafka); ++code) {
    codes.Set(codes.Length(), error_code_name(static_cast<ErrorCode>(code)));
  }
  return codes;
}

Napi::Value client_event_types(const Napi::CallbackInfo& info) {
  Napi::Array types = Napi::Array::New(info.Env());
  for (int type = 0;; ++type) {
    const char* name = client_event_name(static_cast<ClientEvent::Type>(type));
    if (!name) return types;
    types.Set(types.Length(), name);
  }
}

Napi::Value own_properties_to_js(const Napi::CallbackInfo& info) {
  Napi::Object values = Napi::Object::New(info.Env());
  for (const auto& [name, value] : own_properties(info[0].ToBoolean()))
    values.Set(name, value);
  return values;
}

Napi::Value fetch_limits(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const auto partitions = static_cast<size_t>(info[1].ToNumber().Int64Value());
  const FetchLimits limits =
      FetchLimits::of(static_cast<size_t>(info[0].ToNumber().Int64Value()), partitions);
  const auto number = [env](auto bytes) {
    return Napi::Number::New(env, static_cast<double>(bytes));
  };
  Napi::Object object = Napi::Object::New(env);
  object.Set("leastBudget", number(partitions * kMinBudgetPerPartition));
  object.Set("ofPartition", number(limits.fetch_message_max_bytes));
  object.Set("ofPartitionAlone", number(limits.fetch_alone_bytes));
  object.Set("ofBroker", number(limits.fetch_max_bytes));
  object.Set("queue", number(limits.queued_max_bytes));
  object.Set("share", number(limits.share_bytes));
  return object;
}

Napi::Value columns(const Napi::CallbackInfo& info) {
  return to_js(info.Env(), known_columns(), {});
}

Napi::Value malloc_memory_to_js(const Napi::CallbackInfo& info) {
  const std::optional<MallocMemory> known = malloc_memory();
  if (!known) return info.Env().Null();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("inUse", Napi::Number::New(info.Env(), static_cast<double>(known->in_use)));
  object.Set("free", Napi::Number::New(info.Env(), static_cast<double>(known->free)));
  return object;
}

// NativeToken of src/native.ts, or NativeError.
Napi::Value read_token_to_js(const Napi::CallbackInfo& info) {
  Token token;
  const Status status = read_token(to_string(info[0]), &token);
  return status.ok() ? to_js(info.Env(), token) : to_js(info.Env(), status);
}

}  // namespace

void export_library(Napi::Env env, Napi::Object exports) {
  exports.Set("properties", Napi::Function::New<properties>(env, "properties"));
  exports.Set("errorCodes", Napi::Function::New<error_codes>(env, "errorCodes"));
  exports.Set("clientEventTypes", Napi::Function::New<client_event_types>(env, "clientEventTypes"));
  exports.Set("ownProperties", Napi::Function::New<own_properties_to_js>(env, "ownProperties"));
  exports.Set("fetchLimits", Napi::Function::New<fetch_limits>(env, "fetchLimits"));
  exports.Set("mallocMemory", Napi::Function::New<malloc_memory_to_js>(env, "mallocMemory"));
  exports.Set("readToken", Napi::Function::New<read_token_to_js>(env, "readToken"));
  exports.Set("columns", Napi::Function::New<columns>(env, "columns"));
}

}  // namespace tidemark
