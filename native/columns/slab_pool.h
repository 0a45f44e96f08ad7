// SlabPool: slabs come back here and are used again, since fresh pages cost more than the copy.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "columns/slab.h"

namespace tidemark {

// Thread-safe: the engine takes, the event loop's thread and finalizers give back.
class SlabPool {
 public:
  // Keeps at most `max_free` slabs; a slab above `max_slab_bytes` is freed, not kept.
  SlabPool(size_t max_free, size_t max_slab_bytes);

  std::unique_ptr<Slab> take();  // a used slab, emptied, or a new one
  void give_back(std::unique_ptr<Slab> slab);
};

}  // namespace tidemark
