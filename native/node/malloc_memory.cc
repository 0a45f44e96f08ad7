#include "node/malloc_memory.h"

#include <dlfcn.h>

#include "engine/engine_memory.h"

namespace tidemark {
namespace {

// struct mallinfo2, which the headers of an older glibc have not got.
struct Mallinfo2 {
  size_t arena;  // bytes taken from the system other than by mmap
  size_t ordblks;
  size_t smblks;
  size_t hblks;
  size_t hblkhd;  // bytes in use that were taken by mmap, each block by itself
  size_t usmblks;
  size_t fsmblks;
  size_t uordblks;  // bytes of `arena` that are in use
  size_t fordblks;  // bytes of `arena` that are not
  size_t keepcost;
};

}  // namespace

std::optional<MallocMemory> malloc_memory() {
  // By its name at run time: linked, it would keep the addon from an older glibc.
  static const auto ask = reinterpret_cast<Mallinfo2 (*)()>(dlsym(RTLD_DEFAULT, "mallinfo2"));
  if (ask == nullptr) return std::nullopt;
  const Mallinfo2 told = ask();
  return MallocMemory{told.uordblks + told.hblkhd + mapped_memory_bytes(), told.fordblks};
}

}  // namespace tidemark
