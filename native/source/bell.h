// Bell: what a source rings when it has something for the engine's thread.
#pragma once

#include "source/partition_handle.h"

namespace tidemark {

// From any thread, also under a lock of librdkafka: takes only a lock of its own, for an instant.
class Bell {
 public:
  // serve() has something to do.
  virtual void ring() = 0;
  // take() has something of this partition.
  virtual void ring(PartitionHandle partition) = 0;

 protected:
  ~Bell() = default;
};

}  // namespace tidemark
