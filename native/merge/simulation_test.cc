// Simulation: the merge core against a plain oracle. From a seed come logs of every kind (time
// layouts, ties, late, missing and extreme timestamps, markers, holes, cutoffs, ends in
// mid-batch, faults) and, for each log, several schedules of events (test_support/schedule.h).
// Every schedule must give the rows of the oracle.
//
//   TIDEMARK_SIMULATION_SCHEDULES  how many schedules to run, 100000 if not set
//   TIDEMARK_SIMULATION_SEED       the first seed, 1 if not set; a failure names the seed to give
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "test_support/dice.h"
#include "test_support/schedule.h"

namespace tidemark::testing {
namespace {

constexpr uint64_t kSchedulesPerScene = 5;

uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void run_seed(uint64_t seed) {
  Dice dice(seed);
  const Scene scene(dice);
  for (uint64_t i = 0; i < kSchedulesPerScene && !::testing::Test::HasFailure(); ++i) {
    Dice schedule_dice(seed * kSchedulesPerScene + i);
    scene.play(schedule_dice);
  }
}

TEST(Simulation, EveryScheduleGivesTheRowsOfTheOracle) {
  const uint64_t schedules = number_from_environment("TIDEMARK_SIMULATION_SCHEDULES", 100000);
  const uint64_t first_seed = number_from_environment("TIDEMARK_SIMULATION_SEED", 1);
  std::printf("%llu schedules from TIDEMARK_SIMULATION_SEED=%llu\n",
              static_cast<unsigned long long>(schedules),
              static_cast<unsigned long long>(first_seed));
  for (uint64_t i = 0; i * kSchedulesPerScene < schedules; ++i) {
    run_seed(first_seed + i);
    ASSERT_FALSE(HasFailure()) << "run it again with TIDEMARK_SIMULATION_SCHEDULES=1 "
                               << "TIDEMARK_SIMULATION_SEED=" << first_seed + i;
  }
}

}  // namespace
}  // namespace tidemark::testing
