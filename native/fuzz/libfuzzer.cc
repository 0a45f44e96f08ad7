// What libFuzzer calls, in the program of one target: TIDEMARK_FUZZ_TARGET.
#include <gtest/gtest.h>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  // A failed assertion is an exception that nobody catches: libFuzzer keeps the input and ends. It
  // does not at a breakpoint, GoogleTest's other way.
  GTEST_FLAG_SET(throw_on_failure, true);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  tidemark::testing::TIDEMARK_FUZZ_TARGET(bytes, size);
  return 0;
}
