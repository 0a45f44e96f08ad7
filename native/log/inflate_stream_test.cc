#include "log/inflate_stream.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "test_support/compress.h"

namespace tidemark {
namespace {

using namespace testing;
using Outcome = InflateStream::Outcome;

constexpr size_t kWindow = 64 * 1024;
constexpr size_t kMiB = 1024 * 1024;

struct Form {
  std::string name;
  int codec;
  Bytes (*compress)(const Bytes&, int);
  int variant;
};

Lz4Form lz4_form(int variant) {
  Lz4Form form;
  form.block_size = static_cast<LZ4F_blockSizeID_t>(LZ4F_max64KB + (variant & 3));
  form.is_linked = variant & 4;
  form.has_block_checksums = variant & 8;
  form.has_checksum = variant & 16;
  form.has_size = variant & 32;
  return form;
}

ZstdForm zstd_form(int variant) {
  ZstdForm form;
  form.level = (variant & 1) != 0 ? 1 : 3;
  form.window_log = (variant & 2) != 0 ? 17 : 0;  // it goes around many times
  form.has_size = variant & 4;
  form.has_checksum = variant & 8;
  return form;
}

std::vector<Form> forms() {
  std::vector<Form> all;
  for (const int level : {0, 1, 6}) {
    all.push_back({"gzip " + std::to_string(level), kGzipCodec,
                   [](const Bytes& plain, int variant) { return gzip(plain, variant); }, level});
  }
  all.push_back({"snappy", kSnappyCodec,
                 [](const Bytes& plain, int /*variant*/) { return snappy(plain); }, 0});
  for (const int block : {1'000, 32 * 1024, 1'000'000}) {
    const auto framed = [](const Bytes& plain, int size) {
      return framed_snappy(plain, static_cast<size_t>(size));
    };
    all.push_back({"snappy by " + std::to_string(block), kSnappyCodec, framed, block});
  }
  for (int variant = 0; variant < 64; ++variant) {
    const auto compress = [](const Bytes& plain, int of) { return lz4(plain, lz4_form(of)); };
    all.push_back({"lz4 " + std::to_string(variant), kLz4Codec, compress, variant});
  }
  for (int variant = 0; variant < 16; ++variant) {
    const auto compress = [](const Bytes& plain, int of) { return zstd(plain, zstd_form(of)); };
    all.push_back({"zstd " + std::to_string(variant), kZstdCodec, compress, variant});
  }
  return all;
}

// A section exactly of its size, read by windows; what was read is spoilt before the next.
class Reader {
 public:
  explicit Reader(size_t most = kMostInflatedBytes) : most_bytes(most), stream(states) {}

  Outcome read(int codec, const Bytes& section, size_t wanted) {
    const std::unique_ptr<uint8_t[]> exact(new uint8_t[section.size()]);
    std::copy(section.begin(), section.end(), exact.get());
    all.clear();
    ByteBuffer window;
    most_held = most_window = 0;
    Outcome outcome = stream.open(codec, exact.get(), section.size(), most_bytes);
    bool is_short = false;
    while (outcome == Outcome::kOk && !stream.is_at_end()) {
      outcome = stream.read(wanted, window);
      EXPECT_TRUE(outcome != Outcome::kOk || !is_short) << "behind less than wanted is a fault";
      is_short = window.size() < wanted;
      all.insert(all.end(), window.data(), window.data() + window.size());
      most_held = std::max(most_held, stream.bytes());
      most_window = std::max(most_window, window.capacity());
      if (window.size() > 0) std::memset(window.data(), 'x', window.size());
      window.clear();
    }
    EXPECT_EQ(stream.bytes(), 0u);
    return outcome;
  }

  const size_t most_bytes;
  InflateStates states;
  InflateStream stream;
  Bytes all;
  size_t most_held = 0, most_window = 0;
};

Bytes joined(Bytes first, const Bytes& second) {
  append(first, second);
  return first;
}

void expect_same_bytes(size_t size, std::initializer_list<size_t> reads) {
  Reader reader;
  const Bytes plain = some_text(size);
  for (const Form& form : forms()) {
    const Bytes section = form.compress(plain, form.variant);
    for (const size_t wanted : reads) {
      ASSERT_EQ(reader.read(form.codec, section, wanted), Outcome::kOk)
          << form.name << ", " << size << " bytes, by " << wanted;
      ASSERT_TRUE(reader.all == plain) << form.name << ", " << size << " bytes, by " << wanted;
      ASSERT_EQ(reader.stream.given(), size);
    }
  }
}

TEST(InflateStream, GivesTheSameBytesHoweverTheyAreRead) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1'000}, kWindow - 1, kWindow, kWindow + 1})
    expect_same_bytes(size, {1, 100, kWindow, SIZE_MAX});
}

TEST(InflateStream, GivesTheSameBytesOfManyWindows) {
  expect_same_bytes(1'000'000, {100, kWindow, SIZE_MAX});
  expect_same_bytes(10'000'000, {kWindow, SIZE_MAX});
}

// The states are shared: streams that take turns must not see each other's section.
TEST(InflateStream, ManyAreReadInTurns) {
  const Bytes plain = some_text(300'000);
  InflateStates states;
  std::vector<Bytes> sections;
  std::vector<std::unique_ptr<InflateStream>> streams;
  for (const Form& form : forms()) {
    sections.push_back(form.compress(plain, form.variant));
    streams.push_back(std::make_unique<InflateStream>(states));
    streams.back()->open(form.codec, sections.back().data(), sections.back().size());
  }
  std::vector<ByteBuffer> all(streams.size());
  for (size_t left = streams.size(); left > 0;) {
    for (size_t i = 0; i < streams.size(); ++i) {
      if (streams[i]->is_at_end()) continue;
      ASSERT_EQ(streams[i]->read(10'000, all[i]), Outcome::kOk);
      left -= streams[i]->is_at_end() ? 1 : 0;
    }
  }
  for (const ByteBuffer& each : all)
    EXPECT_TRUE(Bytes(each.data(), each.data() + each.size()) == plain);
}

TEST(InflateStream, WhatIsCutShortIsCorruptHoweverItIsRead) {
  Reader reader;
  for (const Form& form : forms()) {
    const Bytes whole = form.compress(some_text(2'000), form.variant);
    for (size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<long>(size));
      // A block of Java's framing may be missing, and nothing says so.
      if (form.name == "snappy by 1000" && size > 20) continue;
      Bytes before;
      for (const size_t wanted : {size_t{100}, size_t{1'500}, SIZE_MAX}) {
        ASSERT_EQ(reader.read(form.codec, cut, wanted), Outcome::kCorrupt)
            << form.name << " cut to " << size << ", by " << wanted;
        if (wanted == 100) before = reader.all;
        ASSERT_TRUE(reader.all == before)
            << "what is before the fault hangs on how it is read: " << form.name << " cut to "
            << size << ", by " << wanted;
      }
    }
  }
}

// zstd drops what a call has given where the next block is damaged.
TEST(InflateStream, TheSameComesBeforeADamagedBlockHoweverItIsRead) {
  Reader reader;
  const Bytes plain = some_text(600'000);  // five blocks of zstd
  for (const Form& form : forms()) {
    Bytes section = form.compress(plain, form.variant);
    for (size_t at = section.size() / 2; at < section.size() / 2 + 40; ++at)
      section[at] ^= 0x5a;
    Bytes before;
    Outcome outcome = Outcome::kOk;
    for (const size_t wanted : {size_t{1'000}, kWindow, 70 * size_t{1024}, SIZE_MAX}) {
      const Outcome seen = reader.read(form.codec, section, wanted);
      if (wanted == 1'000) {
        before = reader.all;
        outcome = seen;
      }
      ASSERT_EQ(seen, outcome) << form.name << " by " << wanted;
      ASSERT_TRUE(reader.all == before)
          << form.name << " by " << wanted << ": " << reader.all.size() << " or " << before.size();
    }
  }
}

TEST(InflateStream, BytesBehindTheEndAreCorruptButOfGzip) {
  Reader reader;
  for (const Form& form : forms()) {
    Bytes section = form.compress(some_text(2'000), form.variant);
    section.push_back(1);
    const Outcome expected = form.codec == kGzipCodec ? Outcome::kOk : Outcome::kCorrupt;
    for (const size_t wanted : {size_t{100}, SIZE_MAX})
      ASSERT_EQ(reader.read(form.codec, section, wanted), expected) << form.name;
  }
}

// The last byte of each is one of its checksum's.
TEST(InflateStream, AWrongChecksumIsCorrupt) {
  Lz4Form of_blocks, of_content;
  of_blocks.has_block_checksums = of_content.has_checksum = true;
  ZstdForm of_zstd;
  of_zstd.has_checksum = true;
  const Bytes plain = some_text(200'000);
  const struct {
    int codec;
    Bytes section;
    size_t from_end;
  } cases[] = {{kGzipCodec, gzip(plain), 8},
               {kLz4Codec, lz4(plain, of_blocks), 5},
               {kLz4Codec, lz4(plain, of_content), 1},
               {kZstdCodec, zstd(plain, of_zstd), 1}};
  Reader reader;
  for (const auto& [codec, section, from_end] : cases) {
    Bytes changed = section;
    changed[changed.size() - from_end] ^= 1;
    Bytes before;
    for (const size_t wanted : {size_t{100}, kWindow, 70 * size_t{1024}, SIZE_MAX}) {
      EXPECT_EQ(reader.read(codec, section, wanted), Outcome::kOk);
      EXPECT_EQ(reader.read(codec, changed, wanted), Outcome::kCorrupt);
      if (wanted == 100) before = reader.all;
      EXPECT_TRUE(reader.all == before) << "codec " << codec << " by " << wanted;
    }
    EXPECT_GE(before.size(), plain.size() - kWindow) << "what is before the last block";
  }
  Bytes header = lz4(plain);
  header[6] ^= 1;
  EXPECT_EQ(reader.read(kLz4Codec, header, kWindow), Outcome::kCorrupt);
}

// As librdkafka takes them: of lz4 one frame, and of zstd as many as there are.
TEST(InflateStream, SeveralFramesAndThoseToSkip) {
  const Bytes plain = some_text(100'000), skippable = {0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2};
  Reader reader;
  for (const size_t wanted : {kWindow, SIZE_MAX}) {
    EXPECT_EQ(reader.read(kLz4Codec, joined(lz4(plain), lz4(plain)), wanted), Outcome::kCorrupt);
    EXPECT_EQ(reader.read(kLz4Codec, joined(skippable, lz4(plain)), wanted), Outcome::kCorrupt);
    EXPECT_EQ(reader.read(kLz4Codec, skippable, wanted), Outcome::kOk);
    EXPECT_TRUE(reader.all.empty());
    const Bytes zstd_frames =
        joined(joined(skippable, zstd(plain)), joined(skippable, zstd(plain)));
    EXPECT_EQ(reader.read(kZstdCodec, joined(zstd_frames, skippable), wanted), Outcome::kOk);
    EXPECT_TRUE(reader.all == joined(plain, plain));
  }
}

TEST(InflateStream, ADictionaryIsNotSupported) {
  Reader reader;
  // Their headers, with the number of a dictionary; nobody looks behind them.
  const Bytes lz4_frame = {0x04, 0x22, 0x4d, 0x18, 0x61, 0x40, 1, 0, 0, 0, 0x2f, 0, 0, 0, 0};
  const Bytes zstd_frame = {0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x58, 7, 1, 0, 0};
  Bytes lz4_good = lz4_frame;
  for (int checksum = 0; checksum < 256; ++checksum) {  // one of them is right
    lz4_good[10] = static_cast<uint8_t>(checksum);
    if (reader.read(kLz4Codec, lz4_good, kWindow) != Outcome::kCorrupt) break;
  }
  for (const size_t wanted : {kWindow, SIZE_MAX}) {
    EXPECT_EQ(reader.read(kLz4Codec, lz4_good, wanted), Outcome::kUnsupported);
    EXPECT_EQ(reader.read(kZstdCodec, zstd_frame, wanted), Outcome::kUnsupported);
    const Bytes good = zstd(some_text(500));
    EXPECT_EQ(reader.read(kZstdCodec, joined(good, zstd_frame), wanted), Outcome::kUnsupported);
  }
}

// Level 20 and above say that they need 32 MiB and more, however little there is.
TEST(InflateStream, AZstdWindowAbove8MiBIsTakenWhole) {
  ZstdForm wide, kept;
  wide.level = kept.level = 1;
  wide.window_log = 25, kept.window_log = 23;
  const Bytes plain = some_text(8 * kMiB + 1), few = some_text(1'000);
  Reader reader(plain.size() + few.size());
  for (const bool has_size : {false, true}) {
    wide.has_size = kept.has_size = has_size;
    const Bytes frame = zstd(plain, wide);
    for (const size_t wanted : {kWindow, SIZE_MAX}) {
      EXPECT_EQ(reader.read(kZstdCodec, zstd(few, wide), wanted), Outcome::kOk);
      EXPECT_TRUE(reader.all == few);
      EXPECT_EQ(reader.read(kZstdCodec, zstd(plain, kept), wanted), Outcome::kOk);
      EXPECT_TRUE(reader.all == plain);
      EXPECT_EQ(reader.read(kZstdCodec, joined(frame, zstd(few)), wanted), Outcome::kOk);
      EXPECT_TRUE(reader.all == joined(plain, few));
      EXPECT_LE(reader.most_window, 3 * plain.size());
      EXPECT_EQ(reader.read(kZstdCodec, joined(zstd(few), frame), wanted), Outcome::kOk);
      EXPECT_TRUE(reader.all == joined(few, plain));
      const Bytes larger = joined(frame, zstd(some_text(few.size() + 1)));
      EXPECT_EQ(reader.read(kZstdCodec, larger, wanted), Outcome::kTooLarge);
    }
  }
}

TEST(InflateStream, NoOtherCodecIsKnown) {
  Reader reader;
  for (const int codec : {-1, 0, 5, 7})
    EXPECT_EQ(reader.read(codec, {1, 2, 3}, kWindow), Outcome::kUnknownCodec);
}

TEST(InflateStream, AFailedSectionStaysFailedAndLeavesNothing) {
  InflateStates states;
  InflateStream stream(states);
  Bytes section = lz4(some_text(200'000));
  section.pop_back();
  ByteBuffer out;
  stream.open(kLz4Codec, section.data(), section.size());
  ASSERT_EQ(stream.read(1, out), Outcome::kOk);
  EXPECT_EQ(stream.read(SIZE_MAX, out), Outcome::kOk) << "what comes before the fault";
  const size_t before = out.size();
  EXPECT_EQ(stream.read(SIZE_MAX, out), Outcome::kCorrupt);
  EXPECT_EQ(out.size(), before);
  EXPECT_EQ(stream.read(1, out), Outcome::kCorrupt);
  EXPECT_FALSE(stream.is_at_end());
}

// What a stream holds in the middle of a section, beside its window.
TEST(InflateStream, HoldsLittleMoreThanTheHistoryThatItNeeds) {
  Reader reader;
  const Bytes plain = some_text(1'000'000);
  Lz4Form linked;
  linked.is_linked = true;
  const struct {
    int codec;
    Bytes section;
    size_t most_held;
  } cases[] = {{kGzipCodec, gzip(plain), 41'000},
               {kSnappyCodec, framed_snappy(plain, 32 * 1024), 100},
               {kLz4Codec, lz4(plain), 300},
               {kLz4Codec, lz4(plain, linked), 66'000},
               {kZstdCodec, zstd(plain), 100'000 + plain.size() + 3 * kWindow}};
  for (const auto& [codec, section, most_held] : cases) {
    ASSERT_EQ(reader.read(codec, section, kWindow), Outcome::kOk);
    EXPECT_LE(reader.most_held, most_held) << codec;
    EXPECT_LE(reader.most_window, 4 * kWindow) << codec;
  }
}

}  // namespace
}  // namespace tidemark
