// Library: what librdkafka and native code know, for TypeScript to go by.
#pragma once

#include <napi.h>

namespace tidemark {

// Adds properties(), errorCodes() and columns() to the addon's exports.
void export_library(Napi::Env env, Napi::Object exports);

}  // namespace tidemark
