// The addon: what src/native.ts types as NativeBinding.
#include <napi.h>

#include "node/engine_object.h"
#include "node/library.h"
#include "node/mock_cluster_object.h"
#include "node/producer_object.h"

namespace tidemark {
namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  export_engine(env, exports);
  export_mock_cluster(env, exports);
  export_producer(env, exports);
  export_library(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(tidemark, init)

}  // namespace tidemark
