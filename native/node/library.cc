#include "node/library.h"

#include <librdkafka/rdkafka.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include "status.h"

namespace tidemark {
namespace {

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// Name and scope ('P', 'C' or '*') of every property, out of the table that is the only way in
// which librdkafka tells them: "name | C/P | range | default | …".
std::map<std::string, std::string> read_properties() {
  char* text = nullptr;
  size_t size = 0;
  FILE* file = open_memstream(&text, &size);
  rd_kafka_conf_properties_show(file);
  fclose(file);
  std::istringstream lines(std::string(text, size));
  free(text);

  std::map<std::string, std::string> properties;
  std::string line;
  while (std::getline(lines, line)) {
    const size_t first = line.find(" | ");
    if (first == std::string::npos) continue;
    const std::string scope = trimmed(line.substr(first + 3, 3));
    if (scope != "P" && scope != "C" && scope != "*") continue;
    const auto [entry, is_new] = properties.emplace(trimmed(line.substr(0, first)), scope);
    if (!is_new && entry->second != scope) entry->second = "*";
  }
  return properties;
}

Napi::Value properties(const Napi::CallbackInfo& info) {
  static const std::map<std::string, std::string> known = read_properties();
  Napi::Env env = info.Env();
  Napi::Array rows = Napi::Array::New(env, known.size());
  uint32_t index = 0;
  for (const auto& [name, scope] : known) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("name", name);
    row.Set("scope", scope == "P" ? "producer" : scope == "C" ? "consumer" : "*");
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
    names.Set(names.Length(), trimmed(item));
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
