// MallocMemory: what malloc has of the process, in bytes, with what is mapped here beside it.
#pragma once

#include <cstddef>
#include <optional>

namespace tidemark {

struct MallocMemory {
  size_t in_use = 0;
  size_t free = 0;  // kept beyond that, for the next who asks
};

// Nothing where malloc does not tell: another libc than glibc since 2.33. It walks what is free,
// with malloc's locks held.
std::optional<MallocMemory> malloc_memory();

}  // namespace tidemark
