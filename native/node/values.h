// Values: between JavaScript's values and the core's types.
#pragma once

#include <napi.h>

#include <string>
#include <utility>
#include <vector>

#include "columns/schema.h"
#include "kafka/notice.h"
#include "status.h"

namespace tidemark {

// NativeError of src/native.ts, or null for a Status that is ok.
Napi::Value to_js(Napi::Env env, const Status& status);

// NativeNotice of src/native.ts.
Napi::Value to_js(Napi::Env env, const Notice& notice);

// NativeColumn[] of src/native.ts. `topics` are the words of the dictionary of topics.
Napi::Value to_js(Napi::Env env, const Schema& columns, const std::vector<std::string>& topics);

// The facade has checked names and types already (src/options.ts).
std::string get_string(const Napi::Object& object, const char* name);
double get_number(const Napi::Object& object, const char* name);
bool get_boolean(const Napi::Object& object, const char* name);
std::vector<std::string> get_strings(const Napi::Object& object, const char* name);
// An object's own properties, all of them strings.
std::vector<std::pair<std::string, std::string>> get_string_map(const Napi::Value& source);

}  // namespace tidemark
