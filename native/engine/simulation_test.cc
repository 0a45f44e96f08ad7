// Simulation: the whole engine under random schedules, without threads, brokers or time.
//
//   TIDEMARK_SIMULATION_SCHEDULES  how many schedules to run, 100000 if not set
//   TIDEMARK_SIMULATION_SEED       the first seed, 1 if not set; a failure names the seed to give
#include "test_support/simulation.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "test_support/engine_schedule.h"

namespace tidemark::testing {
namespace {

// As many as the merge's simulation has, so that one command runs both.
constexpr uint64_t kSchedulesPerSeed = 5;

TEST(EngineSimulation, EveryScheduleGivesTheRowsOfTheModel) {
  run_schedules(kSchedulesPerSeed, [](uint64_t seed) {
    for (uint64_t i = 0; i < kSchedulesPerSeed && !HasFailure(); ++i)
      EngineSchedule(seed * kSchedulesPerSeed + i).run();
  });
}

}  // namespace
}  // namespace tidemark::testing
