#include "engine/inflate_thread.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "merge/window_pool.h"
#include "test_support/compressed_batch.h"
#include "test_support/dice.h"

namespace tidemark::testing {
namespace {

// A section with its window, read in turns with others.
struct Section {
  std::string plain, read;
  Bytes bytes;
  std::unique_ptr<InflatedWindow> window;
};

std::vector<Section> open_sections(size_t count, WindowPool& pool) {
  Dice dice(1);
  std::vector<Section> sections(count);
  for (Section& section : sections) {
    const auto size = static_cast<size_t>(dice.below(200'000));
    for (int64_t i = dice.below(1'000); section.plain.size() < size; ++i)
      section.plain += std::to_string(i * i) + ",";
    const auto codec = static_cast<int>(1 + dice.below(4));
    section.bytes =
        compress(codec, Bytes(section.plain.begin(), section.plain.end()), 16 * 1024, dice);
    RecordBatch batch{};
    batch.attributes = static_cast<int16_t>(codec);
    batch.is_compressed = true;
    batch.records = section.bytes.data();
    batch.size = section.bytes.size();
    section.window = pool.take();
    section.window->open(batch);
  }
  return sections;
}

bool read_on(Section& section) {
  if (section.window->is_last()) return false;
  EXPECT_EQ(section.window->advance(0, 0), InflateOutcome::kOk);
  section.read.append(section.window->bytes(), section.window->bytes() + section.window->size());
  return true;
}

TEST(InflateThread, GivesTheSameAsWithoutIt) {
  InflateThread ahead;
  WindowPool pool(8 * 1024, &ahead);
  std::vector<Section> sections = open_sections(200, pool);
  bool any = true;
  while (any) {
    any = false;
    for (Section& section : sections)
      any |= read_on(section);
  }
  for (Section& section : sections)
    EXPECT_TRUE(section.read == section.plain);
}

TEST(InflateThread, SectionsAreClosedAndOpenedWhileItWorks) {
  InflateThread ahead;
  WindowPool pool(8 * 1024, &ahead);
  for (int round = 0; round < 5; ++round) {
    std::vector<Section> sections = open_sections(50, pool);
    for (Section& section : sections)
      read_on(section);
    for (Section& section : sections)
      pool.give_back(std::move(section.window));  // its bytes go next
  }
}

TEST(InflateThread, WhatIsAskedForBehindItsEndIsInflatedByWhoReads) {
  InflateThread ahead;
  WindowPool pool(8 * 1024, &ahead);
  std::vector<Section> sections = open_sections(20, pool);
  for (Section& section : sections)
    read_on(section);
  ahead.close();
  ahead.close();
  for (Section& section : sections) {
    while (read_on(section)) {
    }
    EXPECT_TRUE(section.read == section.plain);
  }
}

}  // namespace
}  // namespace tidemark::testing
