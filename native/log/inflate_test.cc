#include "log/inflate.h"

#include <gtest/gtest.h>

#include <vector>

#include "test_support/compress.h"

namespace tidemark {
namespace {

using namespace testing;
using Outcome = Inflater::Outcome;

Bytes contents(const ByteBuffer& buffer) {
  return Bytes(buffer.data(), buffer.data() + buffer.size());
}

struct Codec {
  int number;
  Bytes (*compress)(const Bytes&);
};
constexpr Codec kCodecs[] = {
    {kGzipCodec, [](const Bytes& plain) { return gzip(plain); }},
    {kSnappyCodec, snappy},
    {kLz4Codec, [](const Bytes& plain) { return lz4(plain); }},
    {kZstdCodec, [](const Bytes& plain) { return zstd(plain); }},
};

TEST(Inflater, AppendsWhatWasCompressedAndIsUsedAgain) {
  Inflater inflater;
  ByteBuffer out;
  Bytes expected;
  for (const size_t size : {1u, 100u, 70'000u, 3'000'000u}) {
    for (const auto& [number, compress] : kCodecs) {
      const Bytes plain = some_text(size), compressed = compress(plain);
      expected.insert(expected.end(), plain.begin(), plain.end());
      ASSERT_EQ(inflater.inflate(number, compressed.data(), compressed.size(), out), Outcome::kOk);
    }
  }
  const Bytes framed = in_javas_framing({snappy(some_text(500)), snappy(some_text(70))});
  for (const size_t size : {500u, 70u}) {
    const Bytes plain = some_text(size);
    expected.insert(expected.end(), plain.begin(), plain.end());
  }
  ASSERT_EQ(inflater.inflate(kSnappyCodec, framed.data(), framed.size(), out), Outcome::kOk);
  EXPECT_EQ(contents(out), expected);
}

// A frame that says its size, and is damaged, must not cost the next partition its good one.
TEST(Inflater, WhatABadBatchLeavesDoesNotSpoilTheNext) {
  const Bytes plain = some_text(70'000);
  Lz4Form form;
  form.has_size = true;
  const Bytes sized = lz4(plain, form);
  Inflater inflater;
  ByteBuffer out;
  for (const auto& [number, compress] : kCodecs) {
    const Bytes good = compress(plain), damaged = number == kLz4Codec ? sized : good;
    ASSERT_NE(inflater.inflate(number, damaged.data(), damaged.size() / 2, out), Outcome::kOk);
    ASSERT_EQ(inflater.inflate(number, good.data(), good.size(), out), Outcome::kOk) << number;
  }
}

TEST(Inflater, InSnappysFramingEveryByteCounts) {
  Inflater inflater;
  ByteBuffer out;
  const auto outcome = [&](const Bytes& bytes) {
    return inflater.inflate(kSnappyCodec, bytes.data(), bytes.size(), out);
  };
  EXPECT_EQ(outcome(in_javas_framing({})), Outcome::kCorrupt);
  EXPECT_EQ(outcome(in_javas_framing({{0}})), Outcome::kOk);
  EXPECT_EQ(outcome(in_javas_framing({{0, 0, 'x'}})), Outcome::kCorrupt);
}

TEST(Inflater, ABombEndsAtTheLimitAndWhatFitsDoesNot) {
  constexpr size_t kLimit = 1'000'000;
  Inflater inflater(kLimit);
  for (const auto& [number, compress] : kCodecs) {
    ByteBuffer out;
    const Bytes fits = compress(Bytes(kLimit, 0)), bomb = compress(Bytes(kLimit + 1, 0));
    const Bytes large = compress(Bytes(20 * kLimit, 0));
    EXPECT_EQ(inflater.inflate(number, fits.data(), fits.size(), out), Outcome::kOk) << number;
    EXPECT_EQ(inflater.inflate(number, bomb.data(), bomb.size(), out), Outcome::kTooLarge);
    EXPECT_EQ(inflater.inflate(number, large.data(), large.size(), out), Outcome::kTooLarge);
    EXPECT_EQ(out.size(), kLimit);
    EXPECT_LT(out.capacity(), 8 * kLimit);
  }
}

// What is cut or changed may by chance inflate; it must not read or write elsewhere, nor hang.
TEST(Inflater, WhatIsCutShortIsCorrupt) {
  Inflater inflater;
  for (const auto& [number, compress] : kCodecs) {
    const Bytes whole = compress(some_text(5'000));
    for (size_t size = 0; size < whole.size(); size += 1 + whole.size() / 200) {
      ByteBuffer out;
      const Bytes cut(whole.begin(), whole.begin() + static_cast<long>(size));
      EXPECT_EQ(inflater.inflate(number, cut.data(), cut.size(), out), Outcome::kCorrupt)
          << number << " cut to " << size;
      EXPECT_EQ(out.size(), 0u);
    }
    for (size_t at = 0; at < whole.size(); ++at) {
      Bytes changed = whole;
      changed[at] ^= static_cast<uint8_t>(0x5a + at);
      ByteBuffer out;
      inflater.inflate(number, changed.data(), changed.size(), out);
    }
    ByteBuffer out;
    ASSERT_EQ(inflater.inflate(number, whole.data(), whole.size(), out), Outcome::kOk);
    EXPECT_EQ(contents(out), some_text(5'000));
  }
}

TEST(Inflater, KnowsNoOtherCodec) {
  Inflater inflater;
  ByteBuffer out;
  for (const int codec : {0, 5, 6, 7})
    EXPECT_EQ(inflater.inflate(codec, nullptr, 0, out), Outcome::kUnknownCodec);
}

}  // namespace
}  // namespace tidemark
