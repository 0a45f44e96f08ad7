// Simulation: the merge core against a plain oracle. From a seed come logs of every kind (time
// layouts, ties, late, missing and extreme timestamps, markers, holes, cutoffs, ends in
// mid-batch, faults) and, for each log, several schedules of events (test_support/schedule.h).
// Every schedule must give the rows of the oracle.
//
//   TIDEMARK_SIMULATION_SCHEDULES  how many schedules to run, 100000 if not set
//   TIDEMARK_SIMULATION_SEED       the first seed, 1 if not set; a failure names the seed to give
#include "test_support/simulation.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "test_support/dice.h"
#include "test_support/schedule.h"

namespace tidemark::testing {
namespace {

constexpr uint64_t kSchedulesPerScene = 5;

void run_seed(uint64_t seed) {
  Dice dice(seed);
  const Scene scene(dice);
  for (uint64_t i = 0; i < kSchedulesPerScene && !::testing::Test::HasFailure(); ++i) {
    Dice schedule_dice(seed * kSchedulesPerScene + i);
    scene.play(schedule_dice);
  }
}

TEST(Simulation, EveryScheduleGivesTheRowsOfTheOracle) {
  run_schedules(kSchedulesPerScene, run_seed);
}

}  // namespace
}  // namespace tidemark::testing
