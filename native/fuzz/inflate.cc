#include "log/inflate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "fuzz/plain_codecs.h"
#include "fuzz/some_compressed.h"
#include "fuzz/targets.h"
#include "test_support/dice.h"

namespace tidemark::testing {
namespace {

using Outcome = Inflater::Outcome;

std::string text_of(const ByteBuffer& buffer) {
  return std::string(reinterpret_cast<const char*>(buffer.data()), buffer.size());
}

}  // namespace

// The states of the codecs are kept: what one input leaves there must not change the next.
void fuzz_inflate(const uint8_t* bytes, size_t size) {
  Dice dice(bytes, size);
  static Inflater inflater(kLimit);
  const auto before = static_cast<size_t>(dice.one_in(2) ? dice.below(300) : 0);
  const auto codec = static_cast<Codec>(1 + dice.below(4));
  const std::string data = some_compressed(codec, dice);
  if (data.empty()) return;  // there is nothing to inflate
  // Exactly its size, on the heap: a sanitizer sees the byte behind it.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[data.size()]);
  std::copy(data.begin(), data.end(), exact.get());

  ByteBuffer out;
  ASSERT_TRUE(out.make_room(before + 1));
  std::fill_n(out.data(), before, uint8_t{'b'});
  out.grow(before);
  const Outcome outcome = inflater.inflate(static_cast<int>(codec), exact.get(), data.size(), out);
  const Inflated expected = inflate_plainly(codec, data, kLimit);
  const bool is_good = expected.is_good || expected.is_nothing;
  if (is_good) {
    ASSERT_EQ(outcome, Outcome::kOk) << "good bytes of codec " << static_cast<int>(codec);
  } else {
    ASSERT_TRUE(outcome == Outcome::kCorrupt || outcome == Outcome::kTooLarge ||
                outcome == Outcome::kUnsupported)
        << "bad bytes of codec " << static_cast<int>(codec) << ": " << static_cast<int>(outcome);
  }
  ASSERT_TRUE(text_of(out) == std::string(before, 'b') + (is_good ? expected.bytes : ""));
  // It grows by what came out at the most, and once by what was likely: of lz4 one block more.
  constexpr size_t kLargestLz4Block = 4 * 1024 * 1024;
  const size_t block = codec == Codec::kLz4 ? kLargestLz4Block : 0;
  ASSERT_LE(out.capacity(), 4 * kLimit + block) << "memory is taken for what is too large";
}

}  // namespace tidemark::testing
