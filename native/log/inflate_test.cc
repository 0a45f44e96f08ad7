#include "log/inflate.h"

#include <gtest/gtest.h>
#include <librdkafka/lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

namespace tidemark {
namespace {

using Bytes = std::vector<uint8_t>;
using Outcome = Inflater::Outcome;

constexpr int kGzip = 1, kSnappy = 2, kLz4 = 3, kZstd = 4;

Bytes gzip(const Bytes& plain) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<uint8_t*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Bytes lz4(const Bytes& plain) {
  Bytes out(LZ4F_compressFrameBound(plain.size(), nullptr));
  out.resize(LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), nullptr));
  return out;
}

Bytes zstd(const Bytes& plain) {
  Bytes out(ZSTD_compressBound(plain.size()));
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
  return out;
}

// As literals: a length, then pieces of up to 60 bytes, each behind its tag.
Bytes snappy(const Bytes& plain) {
  Bytes out;
  size_t length = plain.size();
  for (; length >= 0x80; length >>= 7)
    out.push_back(static_cast<uint8_t>(length | 0x80));
  out.push_back(static_cast<uint8_t>(length));
  for (size_t at = 0; at < plain.size(); at += 60) {
    const size_t size = std::min<size_t>(60, plain.size() - at);
    out.push_back(static_cast<uint8_t>((size - 1) << 2));
    out.insert(out.end(), plain.begin() + static_cast<long>(at),
               plain.begin() + static_cast<long>(at + size));
  }
  return out;
}

Bytes in_javas_framing(const std::vector<Bytes>& blocks) {
  Bytes out = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
  for (const Bytes& block : blocks) {
    for (int shift = 24; shift >= 0; shift -= 8)
      out.push_back(static_cast<uint8_t>(block.size() >> shift));
    out.insert(out.end(), block.begin(), block.end());
  }
  return out;
}

Bytes text(size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<uint8_t>("the quick brown fox"[(i * i / 7) % 19]);
  return bytes;
}

Bytes contents(const ByteBuffer& buffer) {
  return Bytes(buffer.data(), buffer.data() + buffer.size());
}

struct Codec {
  int number;
  Bytes (*compress)(const Bytes&);
};
constexpr Codec kCodecs[] = {{kGzip, gzip}, {kSnappy, snappy}, {kLz4, lz4}, {kZstd, zstd}};

TEST(Inflater, AppendsWhatWasCompressedAndIsUsedAgain) {
  Inflater inflater;
  ByteBuffer out;
  Bytes expected;
  for (const size_t size : {1u, 100u, 70'000u, 3'000'000u}) {
    for (const auto& [number, compress] : kCodecs) {
      const Bytes plain = text(size), compressed = compress(plain);
      expected.insert(expected.end(), plain.begin(), plain.end());
      ASSERT_EQ(inflater.inflate(number, compressed.data(), compressed.size(), out), Outcome::kOk);
    }
  }
  const Bytes framed = in_javas_framing({snappy(text(500)), snappy(text(70))});
  for (const size_t size : {500u, 70u}) {
    const Bytes plain = text(size);
    expected.insert(expected.end(), plain.begin(), plain.end());
  }
  ASSERT_EQ(inflater.inflate(kSnappy, framed.data(), framed.size(), out), Outcome::kOk);
  EXPECT_EQ(contents(out), expected);
}

// A frame that says its size, and is damaged, must not cost the next partition its good one.
TEST(Inflater, WhatABadBatchLeavesDoesNotSpoilTheNext) {
  const Bytes plain = text(70'000);
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentSize = plain.size();
  Bytes sized(LZ4F_compressFrameBound(plain.size(), &preferences));
  sized.resize(
      LZ4F_compressFrame(sized.data(), sized.size(), plain.data(), plain.size(), &preferences));
  Inflater inflater;
  ByteBuffer out;
  for (const auto& [number, compress] : kCodecs) {
    const Bytes good = compress(plain), damaged = number == kLz4 ? sized : good;
    ASSERT_NE(inflater.inflate(number, damaged.data(), damaged.size() / 2, out), Outcome::kOk);
    ASSERT_EQ(inflater.inflate(number, good.data(), good.size(), out), Outcome::kOk) << number;
  }
}

TEST(Inflater, InSnappysFramingEveryByteCounts) {
  Inflater inflater;
  ByteBuffer out;
  const auto outcome = [&](const Bytes& bytes) {
    return inflater.inflate(kSnappy, bytes.data(), bytes.size(), out);
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
    const Bytes whole = compress(text(5'000));
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
    EXPECT_EQ(contents(out), text(5'000));
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
