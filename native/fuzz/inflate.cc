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

using Outcome = InflateOutcome;

struct Result {
  Outcome outcome = Outcome::kOk;
  std::string bytes;
};

std::string text_of(const ByteBuffer& buffer) {
  return std::string(reinterpret_cast<const char*>(buffer.data()), buffer.size());
}

// Behind bytes that are there already.
Result inflate_whole(Codec codec, const uint8_t* bytes, size_t size, size_t before) {
  // The states of the codecs are kept: what one input leaves there must not change the next.
  static Inflater inflater(kLimit);
  ByteBuffer out;
  const std::string filler(before, 'b');
  if (!out.make_room(before + 1)) return {Outcome::kNoMemory, ""};
  std::copy(filler.begin(), filler.end(), out.data());
  out.grow(before);
  const Outcome outcome = inflater.inflate(static_cast<int>(codec), bytes, size, out);
  // It grows by what came out at the most, and once by what was likely: of lz4 one block more.
  const size_t block = codec == Codec::kLz4 ? 4 * 1024 * 1024 : 0;
  EXPECT_LE(out.capacity(), 4 * kLimit + block) << "memory is taken for what is too large";
  const std::string all = text_of(out);
  EXPECT_EQ(all.compare(0, before, filler), 0);
  return {outcome, all.substr(before)};
}

// Cut at random, and with a buffer that is moved, spoilt and emptied in between.
Result inflate_by_pieces(Codec codec, const uint8_t* bytes, size_t size, Dice& dice) {
  static InflateStates states;
  InflateStream stream(states);
  Result result;
  const int64_t most_wanted = dice.one_in(2) ? 100 : dice.one_in(2) ? 70'000 : 5'000;
  auto out = std::make_unique<ByteBuffer>();
  result.outcome = stream.open(static_cast<int>(codec), bytes, size, kLimit);
  bool is_short = false;
  while (result.outcome == Outcome::kOk && !stream.is_at_end()) {
    const size_t before = out->size();
    const auto wanted = static_cast<size_t>(1 + dice.below(most_wanted));
    result.outcome = stream.read(wanted, *out);
    const size_t given = out->size() - before;
    EXPECT_TRUE(result.outcome != Outcome::kOk || !is_short);
    is_short = given < wanted;
    EXPECT_TRUE(result.outcome == Outcome::kOk || given == 0);
    result.bytes.append(out->data() + before, out->end());
    if (!dice.one_in(3)) continue;
    std::fill(out->data(), out->end(), uint8_t{'x'});
    out->clear();
    if (dice.one_in(2)) out = std::make_unique<ByteBuffer>();
  }
  EXPECT_EQ(stream.bytes(), 0u);
  return result;
}

// It needs a dictionary. LZ4F takes it if it does not after all.
bool is_unsupported(Codec codec, const std::string& data, bool is_good) {
  constexpr size_t kFlags = 4;
  if (data.size() <= kFlags) return false;
  if (codec == Codec::kLz4) return (data[kFlags] & 1) != 0;
  return codec == Codec::kZstd && !is_good;
}

// Frames of before zstd 0.8, which some builds of its library read. Kafka has never had them.
bool may_be_legacy(Codec codec, const std::string& data) {
  if (codec != Codec::kZstd) return false;
  for (size_t at = data.find("\xb5\x2f\xfd", 1); at != std::string::npos;
       at = data.find("\xb5\x2f\xfd", at + 1)) {
    if (static_cast<uint8_t>(data[at - 1]) < 0x28) return true;
  }
  return false;
}

void compare(Codec codec, const std::string& data, const Result& seen, const Inflated& expected) {
  const bool is_good = expected.is_good || expected.is_nothing;
  const auto number = static_cast<int>(codec);
  if (seen.outcome == Outcome::kUnsupported) {
    ASSERT_TRUE(is_unsupported(codec, data, is_good)) << "codec " << number;
  } else if (is_good) {
    ASSERT_EQ(seen.outcome, Outcome::kOk) << "good bytes of codec " << number;
    ASSERT_TRUE(seen.bytes == expected.bytes) << "other bytes of codec " << number;
  } else {
    ASSERT_TRUE(seen.outcome == Outcome::kCorrupt || seen.outcome == Outcome::kTooLarge)
        << "bad bytes of codec " << number << ": " << static_cast<int>(seen.outcome);
  }
}

}  // namespace

void fuzz_inflate(const uint8_t* bytes, size_t size) {
  Dice dice(bytes, size);
  const auto before = static_cast<size_t>(dice.one_in(2) ? dice.below(300) : 0);
  const auto codec = static_cast<Codec>(1 + dice.below(4));
  const std::string data = some_compressed(codec, dice);
  if (data.empty()) return;  // there is nothing to inflate
  if (may_be_legacy(codec, data)) return;
  // Exactly its size, on the heap: a sanitizer sees the byte behind it.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[data.size()]);
  std::copy(data.begin(), data.end(), exact.get());

  const Inflated expected = inflate_plainly(codec, data, kLimit);
  const Result whole = inflate_whole(codec, exact.get(), data.size(), before);
  compare(codec, data, whole, expected);
  const Result by_pieces = inflate_by_pieces(codec, exact.get(), data.size(), dice);
  compare(codec, data, by_pieces, expected);
  const Result by_others = inflate_by_pieces(codec, exact.get(), data.size(), dice);
  ASSERT_TRUE(by_pieces.bytes == by_others.bytes)
      << "codec " << static_cast<int>(codec)
      << ": what is before a fault hangs on how it is read: " << by_pieces.bytes.size() << " or "
      << by_others.bytes.size() << " of " << expected.bytes.size();
  // zstd tells in one go that it is too large, and piece by piece that the piece is corrupt.
  if (codec == Codec::kZstd && by_pieces.outcome != Outcome::kOk) return;
  ASSERT_EQ(whole.outcome, by_pieces.outcome) << "codec " << static_cast<int>(codec);
}

}  // namespace tidemark::testing
