// Library: what librdkafka and this build of it can do.
#pragma once

#include <napi.h>

namespace tidemark {

// Adds features(), properties() and errorCodes() to the addon's exports.
void export_library(Napi::Env env, Napi::Object exports);

}  // namespace tidemark
