// BatchOwner: owns the memory that one or more record batches point into; freed when the last of
// them was released.
#pragma once

#include <cstddef>
#include <memory>

namespace tidemark {

using BatchOwner = std::unique_ptr<void, void (*)(void*)>;

// Keeps the memory of record batches that are done with, for as long as copies of their records are
// still to be read.
class BatchKeeper {
 public:
  virtual ~BatchKeeper() = default;
  // `bytes` is what the owner's memory comes to.
  virtual void keep(BatchOwner owner, size_t bytes) = 0;
};

}  // namespace tidemark
