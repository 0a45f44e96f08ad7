// SlabBuilder: appends runs of records of one partition to a slab: the one copy of key and value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "columns/slab.h"
#include "kafka/record.h"

namespace tidemark {

class SlabBuilder {
 public:
  // At most `max_rows` rows and `max_bytes` bytes of keys and values a slab; a record larger than
  // max_bytes comes alone.
  SlabBuilder(size_t max_rows, size_t max_bytes);

  // Starts an empty slab in `slab` (from the pool, or new); false when there is no memory.
  bool open(std::unique_ptr<Slab> slab);
  bool is_open() const;
  // Appends records of one partition in their order; returns how many fitted. Fewer than `count`
  // means: full, or failed() when memory ran out.
  size_t append(int32_t topic_index, int32_t partition, const Record* records, size_t count);
  bool full() const;     // no further record will be taken
  bool failed() const;   // out of memory
  size_t rows() const;
  // Writes the ends (offset columns, bitmaps) and hands the slab over. The builder is closed.
  std::unique_ptr<Slab> finish();
};

}  // namespace tidemark
