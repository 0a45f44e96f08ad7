// The addon: what src/native.ts types as NativeBinding.
#include <napi.h>

#include "node/engine_object.h"

namespace tidemark {
namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  export_engine(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(tidemark, init)

}  // namespace tidemark
