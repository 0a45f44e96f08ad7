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
  // Keeps at most `max_free` slabs of `max_bytes` together; what is more is freed.
  SlabPool(size_t max_free, size_t max_bytes);

  // A used slab, emptied, or a new one; nullptr when there is no memory.
  std::unique_ptr<Slab> take();
  void give_back(std::unique_ptr<Slab> slab);

 private:
  const size_t max_free_;
  const size_t max_bytes_;
  std::mutex mutex_;
  size_t bytes_ = 0;                         // of those that are free
  std::vector<std::unique_ptr<Slab>> free_;  // the last one given back is the warmest
};

}  // namespace tidemark
