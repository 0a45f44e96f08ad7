// keep_freed_memory: for processes that take and give back several MB all the time.
#pragma once

#include <cstddef>
#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace tidemark {

// glibc gives memory at the top of a heap back to the system once there is twice as much as the
// largest block that was ever mapped by itself and freed. A broker's thread takes and the engine
// gives back several MB with each fetch: with one partition up to a third of all pages that were
// read was unmapped and cleared anew. To have freed one block of this size is enough.
//
// A thread's heap is made of pieces of 64 MiB. Where a block did not fit the rest of one,
// glibc 2.36 mapped the next piece, found it unused while it freed the rest, unmapped it, and took
// the block from the process's main heap: with 256 record batches of 1 MB up to 200 MiB more were
// resident, in about every second run. It keeps a piece where the rest is smaller than the padding
// at the top. The padding is reserved, not resident.
inline void keep_freed_memory() {
  constexpr int kLargestBlock = 16 * 1024 * 1024;
  void* volatile block = std::malloc(kLargestBlock);  // volatile: else the compiler leaves it out
  std::free(block);
#ifdef __GLIBC__
  mallopt(M_TOP_PAD, kLargestBlock);
#endif
}

}  // namespace tidemark
