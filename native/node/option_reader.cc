#include "node/option_reader.h"

#include "node/values.h"

namespace tidemark {

Napi::Value OptionReader::get(const char* name) {
  read_.insert(name);
  return object_.Get(name);
}

void OptionReader::note(const char* name, const char* expected) {
  if (fault_.empty()) fault_ = what_ + "." + name + " is not " + expected;
}

std::string OptionReader::string(const char* name) {
  const Napi::Value value = get(name);
  if (!value.IsString()) note(name, "a string");
  return to_string(value);
}

double OptionReader::number(const char* name) {
  const Napi::Value value = get(name);
  if (value.IsNumber()) return value.As<Napi::Number>().DoubleValue();
  note(name, "a number");
  return 0;
}

bool OptionReader::boolean(const char* name) {
  const Napi::Value value = get(name);
  if (value.IsBoolean()) return value.As<Napi::Boolean>();
  note(name, "true or false");
  return false;
}

int64_t OptionReader::bigint(const char* name) {
  const Napi::Value value = get(name);
  bool is_lossless = false;
  const int64_t read =
      value.IsBigInt() ? value.As<Napi::BigInt>().Int64Value(&is_lossless) : int64_t{0};
  if (!is_lossless) note(name, "a bigint of 64 bits");
  return read;
}

std::vector<std::pair<std::string, std::string>> OptionReader::string_map(const char* name) {
  const Napi::Value value = get(name);
  if (!value.IsObject()) note(name, "an object");
  return get_string_map(value);
}

Napi::Object OptionReader::object(const char* name) {
  const Napi::Value value = get(name);
  if (value.IsObject()) return value.As<Napi::Object>();
  note(name, "an object");
  return Napi::Object::New(object_.Env());
}

std::vector<std::string> OptionReader::strings(const char* name) {
  const Napi::Value value = get(name);
  std::vector<std::string> strings;
  if (!value.IsArray()) {
    note(name, "an array");
    return strings;
  }
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value element = array.Get(i);
    if (!element.IsString()) {
      note(name, "an array of strings");
      break;
    }
    strings.push_back(to_string(element));
  }
  return strings;
}

std::vector<Napi::Object> OptionReader::array(const char* name) {
  const Napi::Value value = get(name);
  std::vector<Napi::Object> objects;
  if (!value.IsArray()) {
    note(name, "an array");
    return objects;
  }
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value element = array.Get(i);
    if (!element.IsObject()) {
      note(name, "an array of objects");
      break;
    }
    objects.push_back(element.As<Napi::Object>());
  }
  return objects;
}

bool OptionReader::is_null(const char* name) { return get(name).IsNull(); }

std::string OptionReader::fault() const {
  if (!fault_.empty()) return fault_;
  const Napi::Array names = object_.GetPropertyNames();
  const uint32_t count = names.IsEmpty() ? 0 : names.Length();
  for (uint32_t i = 0; i < count; ++i) {
    const std::string name = to_string(names.Get(i));
    if (read_.count(name) == 0) return what_ + "." + name + " is not known to native code";
  }
  return std::string();
}

}  // namespace tidemark
