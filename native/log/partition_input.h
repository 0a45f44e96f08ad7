// PartitionInput: where a source puts what it has of a partition, in offset order.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log/batch_owner.h"
#include "log/record_batch.h"
#include "status.h"

namespace tidemark {

class PartitionInput {
 public:
  // Takes a record batch. `owner` (may be empty) is let go when this batch is done with; memory
  // that several batches share is given with the last of them. `bytes` is what that memory costs,
  // given with the owner, 0 otherwise.
  virtual void push(const RecordBatch& batch, BatchOwner owner, size_t bytes) = 0;
  // Nothing is at or past `offset` yet, and everything before it was pushed.
  virtual void reach(int64_t offset) = 0;
  // The partition cannot be read past what was pushed.
  virtual void fail(Status status) = 0;
  // The offset that is to come next.
  virtual int64_t position() const = 0;

 protected:
  ~PartitionInput() = default;
};

}  // namespace tidemark
