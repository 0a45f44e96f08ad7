// Library: what librdkafka and native code know, for TypeScript to go by.
#pragma once

#include <napi.h>

namespace tidemark {

// Adds functions to the addon's exports: properties() and the others of src/native.ts without an
// object.
void export_library(Napi::Env env, Napi::Object exports);

}  // namespace tidemark
