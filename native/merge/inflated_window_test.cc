#include "merge/inflated_window.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "merge/window_pool.h"
#include "test_support/compressed_batch.h"
#include "test_support/dice.h"
#include "test_support/dice_ahead.h"

namespace tidemark::testing {
namespace {

using Outcome = InflatedWindow::Outcome;

class InflatedWindowTest : public ::testing::Test {
 protected:
  void open(const std::string& plain, size_t block = kOneBlock) {
    compressed = compress(kSnappyCodec, Bytes(plain.begin(), plain.end()), block, dice);
    open_compressed();
  }
  void open_compressed() {
    RecordBatch batch{};
    batch.attributes = kSnappyCodec;
    batch.is_compressed = true;
    batch.records = compressed.data();
    batch.size = compressed.size();
    window.open(batch);
  }
  std::string text() const { return std::string(window.bytes(), window.bytes() + window.size()); }

  Dice dice{1};
  Bytes compressed;
  InflateStates states;
  std::atomic<size_t> memory{0};
  InflatedWindow window{states, memory, 4};
};

std::string numbers(size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i)
    text += std::to_string(i) + " ";
  text.resize(size);
  return text;
}

TEST_F(InflatedWindowTest, KeepsWhatIsUnreadInFrontOfWhatFollows) {
  const std::string plain = numbers(100);
  open(plain, 4);
  EXPECT_EQ(window.size(), 0u);
  std::string read;
  for (size_t unread = 0; !window.is_last(); unread = std::min<size_t>(3, window.size())) {
    ASSERT_EQ(window.advance(unread, 0), Outcome::kOk);
    read.resize(read.size() - unread);
    read += text();
  }
  EXPECT_EQ(read, plain);
  ASSERT_EQ(window.advance(0, 1), Outcome::kOk);
  EXPECT_EQ(window.size(), 0u) << "nothing follows";
}

TEST_F(InflatedWindowTest, HasWhatIsWantedOrWhatThereIs) {
  const std::string plain = numbers(10'000);
  open(plain, 4);
  ASSERT_EQ(window.advance(0, 5'000), Outcome::kOk);
  EXPECT_GE(window.size(), 5'000u);
  EXPECT_FALSE(window.is_last());
  ASSERT_EQ(window.advance(window.size(), std::numeric_limits<size_t>::max()), Outcome::kOk);
  EXPECT_EQ(text(), plain);
  EXPECT_TRUE(window.is_last());
  EXPECT_LT(window.memory_bytes(), 100'000u);
}

TEST_F(InflatedWindowTest, WhatALargeRecordTookIsNotKeptForSmallOnes) {
  open(std::string(8'000'000, 'x') + numbers(1'000), 1'000);
  ASSERT_EQ(window.advance(0, 7'000'000), Outcome::kOk);
  const size_t large = window.memory_bytes();
  EXPECT_EQ(memory, large);
  ASSERT_EQ(window.advance(100, 200), Outcome::kOk);
  EXPECT_LT(window.memory_bytes(), large - 6'000'000);
  EXPECT_EQ(memory, window.memory_bytes());
  EXPECT_EQ(text().substr(0, 200), std::string(200, 'x'));
}

TEST_F(InflatedWindowTest, TellsAFaultOnceAllBeforeItWasRead) {
  open(numbers(1'000), 100);
  compressed.resize(compressed.size() - 10);  // of the last block
  open_compressed();
  Outcome outcome = Outcome::kOk;
  std::string read;
  while (outcome == Outcome::kOk && !window.is_last()) {
    outcome = window.advance(0, 0);
    if (outcome == Outcome::kOk) read += text();
  }
  EXPECT_EQ(outcome, Outcome::kCorrupt);
  EXPECT_FALSE(window.is_last());
  EXPECT_EQ(window.advance(0, 0), Outcome::kCorrupt) << "it stays";
}

// A fault that is found ahead is told where it would have been without.
TEST(InflatedWindow, IsTheSameWhoeverInflates) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    DiceAhead ahead(dice);
    InflateStates states;
    std::atomic<size_t> memory{0};
    auto window = std::make_unique<InflatedWindow>(
        states, memory, static_cast<size_t>(1 + dice.below(20'000)), &ahead);
    const std::string plain = numbers(static_cast<size_t>(dice.below(100'000)));
    const auto codec = static_cast<int>(1 + dice.below(4));
    const Bytes whole = compress(codec, Bytes(plain.begin(), plain.end()),
                                 static_cast<size_t>(1 + dice.below(30'000)), dice);
    const bool is_cut = dice.one_in(4) && whole.size() > 1;
    // Of a size of its own, so that a sanitizer sees who reads behind it.
    const Bytes bytes(whole.begin(), whole.end() - (is_cut ? 1 : 0));
    RecordBatch batch{};
    batch.attributes = static_cast<int16_t>(codec);
    batch.is_compressed = true;
    batch.records = bytes.data();
    batch.size = bytes.size();
    window->open(batch);
    std::string read;
    Outcome outcome = Outcome::kOk;
    while (outcome == Outcome::kOk && !window->is_last()) {
      const auto unread = static_cast<size_t>(
          dice.below(static_cast<int64_t>(std::min<size_t>(window->size(), 9'000)) + 1));
      const size_t wanted = dice.one_in(3) ? static_cast<size_t>(dice.below(50'000)) : 0;
      const std::string end = read.substr(read.size() - unread);
      read.resize(read.size() - unread);
      outcome = window->advance(unread, wanted);
      if (outcome != Outcome::kOk) break;
      EXPECT_GE(memory, window->size());
      const std::string now(window->bytes(), window->bytes() + window->size());
      ASSERT_EQ(now.substr(0, unread), end) << seed;
      read += now;
    }
    if (is_cut) {
      EXPECT_EQ(outcome, Outcome::kCorrupt) << seed;
      EXPECT_EQ(plain.compare(0, read.size(), read), 0) << seed;
    } else {
      EXPECT_TRUE(read == plain) << seed;
    }
    window.reset();
    EXPECT_EQ(memory, 0u);
  }
}

// The next piece began behind twice the room, and the window with bytes of nobody.
TEST(InflatedWindow, APieceAheadForWhichThereWasNoMemoryIsInflatedAnew) {
  struct SometimesWithoutMemory final : InflateAhead {
    void ask(NextPiece& piece) override {
      if (++asked % 2 == 0) return piece.inflate_ahead();
      ASSERT_TRUE(piece.bytes().make_room(NextPiece::kRoomInFront));
      piece.bytes().grow(NextPiece::kRoomInFront);
    }
    void settle(NextPiece&) override {}
    int asked = 0;
  } ahead;
  InflateStates states;
  std::atomic<size_t> sum{0};
  InflatedWindow window(states, sum, 1'000, &ahead);
  Dice dice(1);
  const std::string plain = numbers(20'000);
  const Bytes bytes = compress(kSnappyCodec, Bytes(plain.begin(), plain.end()), 500, dice);
  RecordBatch batch{};
  batch.attributes = kSnappyCodec;
  batch.is_compressed = true;
  batch.records = bytes.data();
  batch.size = bytes.size();
  window.open(batch, kMostInflatedBytes);
  std::string read;
  while (!window.is_last()) {
    ASSERT_EQ(window.advance(0, 0), Outcome::kOk);
    read.append(window.bytes(), window.bytes() + window.size());
  }
  EXPECT_GT(ahead.asked, 4);
  EXPECT_TRUE(read == plain);
}

TEST(WindowPool, KeepsAFewAndNoneThatIsLarge) {
  WindowPool pool;
  std::vector<std::unique_ptr<InflatedWindow>> taken;
  const std::string large(3'000'000, 'x'), small(1'000, 'x');
  const auto inflate = [&](const std::string& plain) {
    const Bytes compressed = snappy(Bytes(plain.begin(), plain.end()));
    RecordBatch batch{};
    batch.attributes = kSnappyCodec;
    batch.records = compressed.data();
    batch.size = compressed.size();
    std::unique_ptr<InflatedWindow> window = pool.take();
    window->open(batch);
    EXPECT_EQ(window->advance(0, plain.size()), Outcome::kOk);
    return window;
  };
  pool.give_back(inflate(large));
  EXPECT_LT(pool.memory_bytes(), 1'000'000u);
  for (int i = 0; i < 100; ++i)
    taken.push_back(inflate(small));
  EXPECT_GT(pool.memory_bytes(), 100 * small.size()) << "those that are taken count";
  for (auto& window : taken)
    pool.give_back(std::move(window));
  EXPECT_LT(pool.memory_bytes(), 20 * InflatedWindow::kStep);
  EXPECT_NE(pool.take(), nullptr);
}

}  // namespace
}  // namespace tidemark::testing
