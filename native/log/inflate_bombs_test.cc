#include <gtest/gtest.h>

#include <algorithm>

#include "log/inflate.h"
#include "test_support/compress.h"

namespace tidemark {
namespace {

using namespace testing;
using Outcome = InflateOutcome;

constexpr size_t kMiB = 1024 * 1024;
constexpr size_t kWindow = 64 * 1024;

// What must end, by windows and whole: with how much memory, beside what may come out.
void expect_end(int codec, const Bytes& section, Outcome expected, size_t most_window) {
  InflateStates states;
  InflateStream stream(states);
  ByteBuffer window;
  size_t most_held = 0;
  Outcome outcome = stream.open(codec, section.data(), section.size());
  while (outcome == Outcome::kOk && !stream.is_at_end()) {
    window.clear();
    outcome = stream.read(kWindow, window);
    most_held = std::max(most_held, stream.bytes());
  }
  EXPECT_EQ(outcome, expected);
  EXPECT_LE(stream.given(), kMostInflatedBytes);
  EXPECT_LE(window.capacity(), most_window);
  EXPECT_LE(most_held, 9 * kMiB);

  Inflater inflater;
  ByteBuffer whole;
  EXPECT_EQ(inflater.inflate(codec, section.data(), section.size(), whole), expected);
  EXPECT_EQ(whole.size(), 0u);
  EXPECT_LE(whole.capacity(), 3 * kMostInflatedBytes);
}

// 10 MB that would be 2.7 GB.
TEST(InflateBombs, Lz4EndsAtTheLimit) {
  Lz4Form form;
  form.block_size = LZ4F_max4MB;
  const Bytes one = lz4(Bytes(4 * kMiB, 0), form);
  constexpr size_t kHeader = 7, kEnd = 4;
  Bytes bomb(one.begin(), one.begin() + kHeader);
  const Bytes block(one.begin() + kHeader, one.end() - kEnd);
  while (bomb.size() < 10'000'000)
    append(bomb, block);
  expect_end(kLz4Codec, bomb, Outcome::kTooLarge, 5 * kMiB);
}

// 1 MB that would be 1 GiB.
TEST(InflateBombs, GzipEndsAtTheLimit) {
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  const Bytes zeros(16 * kMiB, 0);
  Bytes bomb, piece(kMiB);
  const auto compress = [&] {
    stream.next_in = const_cast<uint8_t*>(zeros.data());
    stream.avail_in = static_cast<uInt>(zeros.size());
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    ASSERT_EQ(deflate(&stream, Z_FULL_FLUSH), Z_OK);
    append(bomb, Bytes(piece.data(), stream.next_out));
  };
  compress();
  const size_t first = bomb.size();
  compress();
  deflateEnd(&stream);
  const Bytes again(bomb.begin() + static_cast<long>(first), bomb.end());
  for (int i = 2; i < 64; ++i)
    append(bomb, again);
  expect_end(kGzipCodec, bomb, Outcome::kTooLarge, 2 * kWindow);
}

TEST(InflateBombs, ZstdEndsAtTheLimit) {
  ZstdForm sized;
  sized.has_size = true;
  const Bytes plain(200 * kMiB, 0);
  expect_end(kZstdCodec, zstd(plain), Outcome::kTooLarge, 2 * kWindow);
  expect_end(kZstdCodec, zstd(plain, sized), Outcome::kTooLarge, 0);
}

TEST(InflateBombs, ManySmallBlocksOfSnappyEndAtTheLimit) {
  // A letter, then 64 more of it for each three bytes.
  Bytes block = snappy_preamble(1 + 1'000'000 * 64);
  append(block, {0, 'x'});
  for (int i = 0; i < 1'000'000; ++i)
    append(block, {63 << 2 | 2, 1, 0});
  expect_end(kSnappyCodec, in_javas_framing({block, block}), Outcome::kTooLarge, 65'000'000);
}

TEST(InflateBombs, SnappyThatClaims4GBTakesNothing) {
  Bytes claim = snappy_preamble(UINT32_MAX);
  append(claim, Bytes(1'000, 0));
  expect_end(kSnappyCodec, claim, Outcome::kCorrupt, 0);
}

// In the header: one segment, and the size of the content in four bytes.
TEST(InflateBombs, AZstdSizeThatLiesTakesNoMemory) {
  const auto frame = [](uint32_t size) {
    Bytes out = {0x28, 0xb5, 0x2f, 0xfd, 0xa0};
    for (int shift = 0; shift < 32; shift += 8)
      out.push_back(static_cast<uint8_t>(size >> shift));
    append(out, {1 | 1 << 3, 0, 0, 'x'});  // the last block: one byte, as it is
    return out;
  };
  expect_end(kZstdCodec, frame(7'000'000), Outcome::kCorrupt, 2 * kWindow);
  expect_end(kZstdCodec, frame(200'000'000), Outcome::kTooLarge, 0);
  expect_end(kZstdCodec, frame(90'000'000), Outcome::kCorrupt, 2 * kWindow);
}

}  // namespace
}  // namespace tidemark
