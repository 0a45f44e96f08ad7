#include "node/library.h"

#include "columns/slab.h"
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

Napi::Value slab_head_fields(const Napi::CallbackInfo& info) {
  Napi::Array fields = Napi::Array::New(info.Env());
  for (const char* name : kSlabHeadFields)
    fields.Set(fields.Length(), name);
  return fields;
}

}  // namespace

void export_library(Napi::Env env, Napi::Object exports) {
  exports.Set("properties", Napi::Function::New<properties>(env, "properties"));
  exports.Set("errorCodes", Napi::Function::New<error_codes>(env, "errorCodes"));
  exports.Set("slabHeadFields", Napi::Function::New<slab_head_fields>(env, "slabHeadFields"));
}

}  // namespace tidemark
