// SlabBuilder: appends runs of records of one partition to a slab: the one copy of key and value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "columns/slab.h"
#include "log/record.h"

namespace tidemark {

class SlabBuilder {
 public:
  // At most `max_rows` rows and `max_bytes` bytes of keys and values a slab; a record larger than
  // max_bytes comes alone.
  SlabBuilder(size_t max_rows, size_t max_bytes);
  // What a slab of those limits takes at most in memory, a larger record aside.
  static size_t most_slab_bytes(size_t max_rows, size_t max_bytes);

  // Starts an empty slab in `slab` (from the pool, or new); false when there is no memory.
  bool open(std::unique_ptr<Slab> slab);
  bool is_open() const { return slab_ != nullptr; }
  // Appends records of one partition in their order; returns how many fitted. Fewer than `count`
  // means: full, or failed() when memory ran out.
  size_t append(int32_t topic_index, int32_t partition, const Record* records, size_t count);
  // The same for a single record, which is what interleaved partitions give: false when it did not
  // fit, or memory ran out.
  bool append_one(int32_t topic_index, int32_t partition, const Record& record);
  bool full() const { return full_; }      // no further record will be taken
  bool failed() const { return failed_; }  // out of memory
  size_t rows() const { return rows_; }
  // Writes the ends (offset columns, bitmaps) and hands the slab over. The builder is closed.
  std::unique_ptr<Slab> finish();

 private:
  // Where the columns of the open slab lie.
  struct Columns {
    int64_t* offset;
    int64_t* timestamp;
    int32_t* topic;
    int32_t* partition;
    int32_t* key_offsets;
    int32_t* value_offsets;
    uint8_t* key_validity;
    uint8_t* value_validity;
    uint8_t* timestamp_validity;
  };

  // Writes the columns of sizes and nulls, of as many of `count` records as fit, and makes room for
  // their bytes; returns how many.
  size_t append_sizes(const Record* records, size_t count);
  void append_nulls(const Record* records, size_t count);

  const SlabLayout layout_;
  const size_t max_rows_;
  const size_t max_bytes_;
  std::unique_ptr<Slab> slab_;
  Columns columns_{};
  size_t rows_ = 0;
  bool full_ = false;
  bool failed_ = false;
};

}  // namespace tidemark
