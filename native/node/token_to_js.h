// NativeToken of src/native.ts.
#pragma once

#include <napi.h>

#include "token/token.h"

namespace tidemark {

Napi::Value to_js(Napi::Env env, const Token& token);

}  // namespace tidemark
