#include "node/values.h"

namespace tidemark {

Napi::Value to_js(Napi::Env env, const Status& status) {
  if (status.ok()) return env.Null();
  Napi::Object error = Napi::Object::New(env);
  error.Set("code", error_code_name(status.code));
  error.Set("message", status.message);
  if (!status.source.empty()) error.Set("source", status.source);
  if (!status.topic.empty()) error.Set("topic", status.topic);
  if (status.partition >= 0) error.Set("partition", Napi::Number::New(env, status.partition));
  if (status.offset >= 0) error.Set("offset", Napi::BigInt::New(env, status.offset));
  if (status.kafka_code != 0) error.Set("kafkaCode", Napi::Number::New(env, status.kafka_code));
  if (status.system_error != 0)
    error.Set("systemError", Napi::Number::New(env, status.system_error));
  error.Set("retriable", Napi::Boolean::New(env, status.retriable));
  return error;
}

Napi::Value to_js(Napi::Env env, const ClientEvent& event) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("type", client_event_name(event.type));
  if (!event.source.empty()) object.Set("source", event.source);
  if (!event.broker.empty()) object.Set("broker", event.broker);
  if (event.broker_id >= 0) object.Set("brokerId", Napi::Number::New(env, event.broker_id));
  if (event.type == ClientEvent::Type::kThrottled)
    object.Set("throttleMs", Napi::Number::New(env, event.throttle_ms));
  if (event.type == ClientEvent::Type::kEventsDropped)
    object.Set("count", Napi::Number::New(env, static_cast<double>(event.count)));
  if (event.kafka_code != 0) object.Set("kafkaCode", Napi::Number::New(env, event.kafka_code));
  if (event.code != ErrorCode::kOk) object.Set("code", error_code_name(event.code));
  if (event.system_error != 0)
    object.Set("systemError", Napi::Number::New(env, event.system_error));
  if (!event.message.empty()) object.Set("message", event.message);
  if (!event.topic.empty()) object.Set("topic", event.topic);
  if (event.partition >= 0) object.Set("partition", Napi::Number::New(env, event.partition));
  if (event.offset >= 0) object.Set("offset", Napi::BigInt::New(env, event.offset));
  return object;
}

namespace {

Napi::Value words_to_js(Napi::Env env, const std::vector<std::string>& words) {
  Napi::Array array = Napi::Array::New(env, words.size());
  for (uint32_t i = 0; i < words.size(); ++i)
    array.Set(i, words[i]);
  return array;
}

}  // namespace

Napi::Value to_js(Napi::Env env, const Schema& columns, const Dictionaries& dictionaries) {
  Napi::Array array = Napi::Array::New(env, columns.size());
  for (uint32_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", column.name);
    object.Set("format", column.format);
    object.Set("nullable", Napi::Boolean::New(env, column.nullable));
    const bool has_words = column.dictionary != nullptr;
    object.Set("dictionary",
               has_words ? words_to_js(env, column.dictionary(dictionaries)) : env.Null());
    array.Set(i, object);
  }
  return array;
}

// In a worker that is being terminated every call may fail, and node-addon-api ends the process
// when an empty value is used.
std::string to_string(const Napi::Value& value) {
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

std::vector<std::pair<std::string, std::string>> get_string_map(const Napi::Value& source) {
  std::vector<std::pair<std::string, std::string>> map;
  if (!source.IsObject()) return map;
  const auto object = source.As<Napi::Object>();
  const Napi::Array keys = object.GetPropertyNames();
  const uint32_t count = keys.IsEmpty() ? 0 : keys.Length();
  for (uint32_t i = 0; i < count; ++i) {
    const Napi::Value key = keys.Get(i);
    if (!key.IsEmpty()) map.emplace_back(to_string(key), to_string(object.Get(key)));
  }
  return map;
}

}  // namespace tidemark
