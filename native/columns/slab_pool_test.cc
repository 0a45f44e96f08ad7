#include "columns/slab_pool.h"

#include <gtest/gtest.h>

#include <thread>

namespace tidemark {
namespace {

std::unique_ptr<Slab> slab_of(size_t bytes) {
  auto slab = std::make_unique<Slab>();
  slab->memory.resize(1);
  slab->memory[0].reserve(bytes);
  return slab;
}

TEST(SlabPool, GivesBackWhatCameBackEmptied) {
  SlabPool pool(2, 1000);
  std::unique_ptr<Slab> slab = slab_of(100);
  const Slab* const same = slab.get();
  slab->rows = 5;
  slab->add_column(1, {{0, 0, 7}});
  pool.give_back(std::move(slab));
  slab = pool.take();
  EXPECT_EQ(slab.get(), same);
  EXPECT_EQ(slab->rows, 0u);
  EXPECT_TRUE(slab->spans.empty());
  EXPECT_TRUE(slab->null_counts.empty());
  EXPECT_EQ(slab->bytes(), 100u) << "its memory is what it is kept for";
}

TEST(SlabPool, KeepsNoMoreThanItMayAndNoneThatIsTooLarge) {
  SlabPool pool(1, 1000);
  pool.give_back(slab_of(1001));
  EXPECT_EQ(pool.take()->bytes(), 0u);
  pool.give_back(slab_of(10));
  pool.give_back(slab_of(20));
  pool.give_back(nullptr);
  EXPECT_EQ(pool.take()->bytes(), 10u);
  EXPECT_EQ(pool.take()->bytes(), 0u);
}

TEST(SlabPool, KeepsNoMoreBytesThanItMayInAllSlabsTogether) {
  SlabPool pool(3, 1000);
  pool.give_back(slab_of(600));
  pool.give_back(slab_of(500));
  pool.give_back(slab_of(400));
  EXPECT_EQ(pool.take()->bytes(), 400u);
  pool.give_back(slab_of(300));
  EXPECT_EQ(pool.take()->bytes(), 300u);
  EXPECT_EQ(pool.take()->bytes(), 600u);
  EXPECT_EQ(pool.take()->bytes(), 0u);
}

TEST(SlabPool, KnowsWhereSlabsAre) {
  SlabPool pool(2, 1000);
  const std::unique_ptr<Slab> slab = slab_of(100);
  pool.note_handed_out(*slab);
  pool.give_back(slab_of(20));
  EXPECT_EQ(pool.memory().handed_out, 100u);
  EXPECT_EQ(pool.memory().free, 20u);
  pool.note_returned(*slab);
  pool.take();
  EXPECT_EQ(pool.memory().handed_out, 0u);
  EXPECT_EQ(pool.memory().free, 0u);
}

// A batch that was released after its manager's close went to a pool from which nobody takes, and
// kept it, and all that was free in it, until it was collected.
TEST(SlabPool, KeepsNothingOnceItIsClosed) {
  SlabPool pool(2, 1000);
  pool.give_back(slab_of(10));
  pool.close();
  EXPECT_EQ(pool.memory().free, 0u);
  pool.give_back(slab_of(10));
  EXPECT_EQ(pool.memory().free, 0u);
}

TEST(SlabPool, ServesSeveralThreads) {
  SlabPool pool(4, 1000);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&pool] {
      for (int round = 0; round < 2000; ++round) {
        std::unique_ptr<Slab> slab = pool.take();
        slab->memory.resize(1);
        slab->memory[0].reserve(64);
        pool.give_back(std::move(slab));
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(pool.take()->bytes(), 64u);
}

}  // namespace
}  // namespace tidemark
