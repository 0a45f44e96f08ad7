// keep_freed_memory: for processes that take and give back several MB all the time.
#pragma once

#include <cstddef>
#include <cstdlib>

namespace tidemark {

// glibc gives memory at the top of a heap back to the system once there is twice as much as the
// largest block that was ever mapped by itself and freed. A broker's thread takes and the engine
// gives back several MB with each fetch: with one partition up to a third of all pages that were
// read was unmapped and cleared anew. To have freed one block of this size is enough; elsewhere it
// does nothing.
inline void keep_freed_memory() {
  constexpr size_t kLargestBlock = 16 * 1024 * 1024;
  void* volatile block = std::malloc(kLargestBlock);  // volatile: else the compiler leaves it out
  std::free(block);
}

}  // namespace tidemark
