// DiceAhead: inflates what is asked for at once, when it is settled, or not at all, as the dice
// fall: whatever a thread may do, without one.
#pragma once

#include <set>

#include "merge/inflate_ahead.h"
#include "test_support/dice.h"

namespace tidemark::testing {

class DiceAhead final : public InflateAhead {
 public:
  explicit DiceAhead(Dice& dice) : dice_(dice) {}

  void ask(NextPiece& piece) override {
    if (dice_.one_in(3)) {
      piece.inflate_ahead();
    } else {
      waiting_.insert(&piece);
    }
  }
  void settle(NextPiece& piece) override {
    if (waiting_.erase(&piece) > 0 && dice_.one_in(2)) piece.inflate_ahead();
  }

 private:
  Dice& dice_;
  std::set<NextPiece*> waiting_;
};

}  // namespace tidemark::testing
