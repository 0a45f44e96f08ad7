#include "fuzz/targets.h"
#include "test_support/dice.h"
#include "test_support/schedule.h"

namespace tidemark::testing {

void fuzz_merge(const uint8_t* bytes, size_t size) {
  Dice dice(bytes, size);
  Scene(dice).play(dice);
}

}  // namespace tidemark::testing
