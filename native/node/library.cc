#include "node/library.h"

#include "columns/schema.h"
#include "kafka/configuration.h"
#include "node/values.h"
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

Napi::Value columns(const Napi::CallbackInfo& info) {
  return to_js(info.Env(), known_columns(), {});
}

}  // namespace

void export_library(Napi::Env env, Napi::Object exports) {
  exports.Set("properties", Napi::Function::New<properties>(env, "properties"));
  exports.Set("errorCodes", Napi::Function::New<error_codes>(env, "errorCodes"));
  exports.Set("columns", Napi::Function::New<columns>(env, "columns"));
}

}  // namespace tidemark
