#include "node/values.h"

namespace tidemark {

Napi::Value to_js(Napi::Env env, const Status& status) {
  if (status.ok()) return env.Null();
  Napi::Object error = Napi::Object::New(env);
  error.Set("code", error_code_name(status.code));
  error.Set("message", status.message);
  if (!status.topic.empty()) error.Set("topic", status.topic);
  if (status.partition >= 0) error.Set("partition", Napi::Number::New(env, status.partition));
  if (status.offset >= 0) error.Set("offset", Napi::BigInt::New(env, status.offset));
  if (status.kafka_code != 0) error.Set("kafkaCode", Napi::Number::New(env, status.kafka_code));
  error.Set("retriable", Napi::Boolean::New(env, status.retriable));
  return error;
}

Napi::Value to_js(Napi::Env env, const Notice& notice) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("type", notice_type_name(notice.type));
  if (!notice.broker.empty()) object.Set("broker", notice.broker);
  if (notice.broker_id >= 0) object.Set("brokerId", Napi::Number::New(env, notice.broker_id));
  if (notice.type == Notice::Type::kThrottled)
    object.Set("throttleMs", Napi::Number::New(env, notice.throttle_ms));
  if (notice.type == Notice::Type::kEventsDropped)
    object.Set("count", Napi::Number::New(env, static_cast<double>(notice.count)));
  if (notice.kafka_code != 0) object.Set("kafkaCode", Napi::Number::New(env, notice.kafka_code));
  if (!notice.message.empty()) object.Set("message", notice.message);
  if (!notice.topic.empty()) object.Set("topic", notice.topic);
  if (notice.partition >= 0) object.Set("partition", Napi::Number::New(env, notice.partition));
  if (notice.offset >= 0) object.Set("offset", Napi::BigInt::New(env, notice.offset));
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

Napi::Value to_js(Napi::Env env, const Schema& columns, const std::vector<std::string>& topics) {
  Napi::Array array = Napi::Array::New(env, columns.size());
  for (uint32_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", column.name);
    object.Set("format", column.format);
    object.Set("nullable", Napi::Boolean::New(env, column.nullable));
    const bool has_words = column.dictionary != nullptr;
    object.Set("dictionary", has_words ? words_to_js(env, column.dictionary(topics)) : env.Null());
    array.Set(i, object);
  }
  return array;
}

namespace {

// What cannot be read is empty: in a worker that is being terminated every call may fail, and
// node-addon-api ends the process when an empty value is used.
std::string to_string(const Napi::Value& value) {
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

}  // namespace

std::string get_string(const Napi::Object& object, const char* name) {
  return to_string(object.Get(name));
}

double get_number(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
}

bool get_boolean(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsBoolean() && value.As<Napi::Boolean>();
}

std::vector<std::string> get_strings(const Napi::Object& object, const char* name) {
  std::vector<std::string> strings;
  const Napi::Value value = object.Get(name);
  if (!value.IsArray()) return strings;
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); ++i)
    strings.push_back(to_string(array.Get(i)));
  return strings;
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
