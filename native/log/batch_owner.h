// BatchOwner: owns the memory that one or more record batches point into; freed when the last of
// them was released.
#pragma once

#include <memory>
#include <type_traits>

namespace tidemark {

// How such memory is let go.
class LetGo {
 public:
  using Do = void (*)(void*);

  // `leave`, where it matters to the source: the merge is done with the memory, and somebody else
  // frees it later, who has a limit of its own for what it holds.
  template <typename Free, typename = std::enable_if_t<std::is_convertible_v<Free, Do>>>
  LetGo(Free free, Do leave = nullptr) : free_(free), leave_(leave) {}

  void operator()(void* memory) const { free_(memory); }
  void leave(void* memory) const {
    if (leave_ != nullptr) leave_(memory);
  }

 private:
  Do free_;
  Do leave_;
};

using BatchOwner = std::unique_ptr<void, LetGo>;

}  // namespace tidemark
