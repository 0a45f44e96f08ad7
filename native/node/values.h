// Values: between JavaScript's values and the core's types.
#pragma once

#include <napi.h>

#include <string>
#include <utility>
#include <vector>

#include "columns/schema.h"
#include "source/client_event.h"
#include "status.h"

namespace tidemark {

// NativeError of src/native.ts, or null for a Status that is ok.
Napi::Value to_js(Napi::Env env, const Status& status);

// NativeClientEvent of src/native.ts.
Napi::Value to_js(Napi::Env env, const ClientEvent& event);

// NativeColumn[] of src/native.ts.
Napi::Value to_js(Napi::Env env, const Schema& columns, const Dictionaries& dictionaries);

// Empty for what is no string, or cannot be read.
std::string to_string(const Napi::Value& value);
// An object's own properties, all of them strings.
std::vector<std::pair<std::string, std::string>> get_string_map(const Napi::Value& source);

}  // namespace tidemark
