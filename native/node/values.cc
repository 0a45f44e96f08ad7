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

std::string get_string(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::String>();
}

double get_number(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Number>().DoubleValue();
}

bool get_boolean(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Boolean>();
}

std::vector<std::pair<std::string, std::string>> get_string_map(const Napi::Object& source) {
  std::vector<std::pair<std::string, std::string>> map;
  Napi::Array keys = source.GetPropertyNames();
  for (uint32_t i = 0; i < keys.Length(); ++i) {
    const std::string key = keys.Get(i).As<Napi::String>();
    map.emplace_back(key, source.Get(key).As<Napi::String>());
  }
  return map;
}

}  // namespace tidemark
