// The addon: what src/native.ts types as NativeBinding.
#include <napi.h>

#include <cstdint>

#include "node/engine_object.h"
#include "node/library.h"
#include "node/mock_cluster_object.h"
#include "node/producer_object.h"

// Weak, and not from OpenSSL's header: librdkafka may have been built without it.
extern "C" __attribute__((weak)) int OPENSSL_init_crypto(uint64_t options, const void* settings);

namespace tidemark {
namespace {

// Otherwise OpenSSL frees its globals in exit(), below broker threads that still use them:
// process.exit() ends the process without ending the environment first. It counts only when it is
// OpenSSL's first call.
void keep_openssl_until_the_end() {
  constexpr uint64_t kNoAtExit = 0x00080000;  // OPENSSL_INIT_NO_ATEXIT
  if (OPENSSL_init_crypto) OPENSSL_init_crypto(kNoAtExit, nullptr);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  keep_openssl_until_the_end();
  export_engine(env, exports);
  export_mock_cluster(env, exports);
  export_producer(env, exports);
  export_library(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(tidemark, init)

}  // namespace tidemark
