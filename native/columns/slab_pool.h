// SlabPool: slabs come back here and are used again, since fresh pages cost more than the copy.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "columns/slab.h"

namespace tidemark {

// Where slabs are that no builder has, in bytes.
struct SlabMemory {
  size_t handed_out = 0;  // with the caller
  size_t free = 0;        // in the pool
};

// Thread-safe: the engine takes, the event loop's thread and finalizers give back.
class SlabPool {
 public:
  // Keeps at most `max_free` slabs of `max_bytes` together; what is more is freed.
  SlabPool(size_t max_free, size_t max_bytes);

  // A used slab, emptied, or a new one; nullptr when there is no memory.
  std::unique_ptr<Slab> take();
  void give_back(std::unique_ptr<Slab> slab);
  // Nobody takes any more: what is free is freed, and what comes back.
  void close();

  // `slab` goes to the caller, or is back from there.
  void note_handed_out(const Slab& slab) { handed_out_ += slab.bytes(); }
  void note_returned(const Slab& slab) { handed_out_ -= slab.bytes(); }
  SlabMemory memory();

 private:
  const size_t max_free_;
  const size_t max_bytes_;
  std::atomic<size_t> handed_out_{0};  // bytes
  std::mutex mutex_;
  bool is_closed_ = false;
  size_t bytes_ = 0;                         // of those that are free
  std::vector<std::unique_ptr<Slab>> free_;  // the last one given back is the warmest
};

}  // namespace tidemark
