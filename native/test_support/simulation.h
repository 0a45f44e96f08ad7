// run_schedules: as many random schedules as the environment asks for, from a seed that it may
// give.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tidemark::testing {

inline uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// `run(seed)` plays `schedules_a_seed` of them.
template <typename Run>
void run_schedules(uint64_t schedules_a_seed, Run run) {
  const uint64_t schedules = number_from_environment("TIDEMARK_SIMULATION_SCHEDULES", 100'000);
  const uint64_t first_seed = number_from_environment("TIDEMARK_SIMULATION_SEED", 1);
  std::printf("%llu schedules from TIDEMARK_SIMULATION_SEED=%llu\n",
              static_cast<unsigned long long>(schedules),
              static_cast<unsigned long long>(first_seed));
  for (uint64_t i = 0; i * schedules_a_seed < schedules; ++i) {
    run(first_seed + i);
    ASSERT_FALSE(::testing::Test::HasFailure())
        << "run it again with TIDEMARK_SIMULATION_SCHEDULES=1 TIDEMARK_SIMULATION_SEED="
        << first_seed + i;
  }
}

}  // namespace tidemark::testing
