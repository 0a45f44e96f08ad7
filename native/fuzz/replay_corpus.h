// The inputs that fuzzing has kept, once more and without a fuzzer: fuzz/corpus/<target>/.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

namespace tidemark::testing {

using Target = void (*)(const uint8_t* bytes, size_t size);

inline void replay_corpus(const char* name, Target target) {
  const auto directory = std::filesystem::path(TIDEMARK_FUZZ_CORPUS) / name;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    files.push_back(entry.path());
  }
  ASSERT_FALSE(files.empty()) << directory;
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    SCOPED_TRACE(file);
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
    // Exactly its size, on the heap: a sanitizer sees the byte behind it.
    const std::unique_ptr<uint8_t[]> bytes(new uint8_t[read.size()]);
    std::copy(read.begin(), read.end(), bytes.get());
    target(bytes.get(), read.size());
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace tidemark::testing
