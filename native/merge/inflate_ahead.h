// InflateAhead: who inflates what follows a window while the window is read.
#pragma once

#include "merge/next_piece.h"

namespace tidemark {

class InflateAhead {
 public:
  // Asks for NextPiece::inflate_ahead. Nobody but settle() touches `piece` from now on.
  virtual void ask(NextPiece& piece) = 0;
  // Returns once nobody else touches it: it was inflated, or is taken back.
  virtual void settle(NextPiece& piece) = 0;

 protected:
  ~InflateAhead() = default;
};

}  // namespace tidemark
