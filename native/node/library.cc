#include "node/library.h"

#include <librdkafka/rdkafka.h>

#include <sstream>
#include <string>

#include "kafka/configuration.h"
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
    rows.Set(index++, row);
  }
  return rows;
}

Napi::Value features(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char list[1024] = "";
  size_t size = sizeof(list);
  rd_kafka_conf_get(conf, "builtin.features", list, &size);
  rd_kafka_conf_destroy(conf);

  Napi::Array names = Napi::Array::New(env);
  std::istringstream items{std::string(list)};
  std::string item;
  while (std::getline(items, item, ','))
    names.Set(names.Length(), item);
  Napi::Object result = Napi::Object::New(env);
  result.Set("librdkafka", rd_kafka_version_str());
  result.Set("features", names);
  return result;
}

Napi::Value error_codes(const Napi::CallbackInfo& info) {
  Napi::Array codes = Napi::Array::New(info.Env());
  for (int code = 1; code <= static_cast<int>(ErrorCode::kKafka); ++code) {
    codes.Set(codes.Length(), error_code_name(static_cast<ErrorCode>(code)));
  }
  return codes;
}

}  // namespace

void export_library(Napi::Env env, Napi::Object exports) {
  exports.Set("features", Napi::Function::New<features>(env, "features"));
  exports.Set("properties", Napi::Function::New<properties>(env, "properties"));
  exports.Set("errorCodes", Napi::Function::New<error_codes>(env, "errorCodes"));
}

}  // namespace tidemark
