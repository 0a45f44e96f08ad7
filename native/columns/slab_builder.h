// SlabBuilder: appends runs of records to a slab: the one copy of key and value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "columns/run.h"
#include "columns/schema.h"
#include "columns/slab.h"
#include "columns/writer_set.h"

namespace tidemark {

class SlabBuilder {
 public:
  // At most `max_rows` rows and `max_bytes` bytes of keys and values a slab, those of `schema`
  // counted; a record larger than max_bytes comes alone.
  SlabBuilder(const Schema& schema, size_t max_rows, size_t max_bytes);
  // What a slab of those limits takes at most in memory, a larger record aside.
  size_t most_slab_bytes() const;

  // Starts an empty slab in `slab` (from the pool, or new); false when there is no memory.
  bool open(std::unique_ptr<Slab> slab);
  bool is_open() const { return slab_ != nullptr; }

  // Appends records of one record batch in their order; returns how many fitted. Fewer than `count`
  // means: full, or failed() when memory ran out.
  size_t append(const Origin& origin, const Record* records, size_t count) {
    // Interleaved partitions give single records: the loops over one are none.
    if (count == 1 && append_fitting({origin, records, 1})) return 1;
    return append_run(origin, records, count);
  }

  bool full() const { return !failed_ && rows_ == most_rows_; }  // no further record will be taken
  bool failed() const { return failed_; }                        // out of memory
  size_t rows() const { return rows_; }
  size_t slab_bytes() const { return slab_ ? slab_->bytes() : 0; }  // taken by now
  // Completes the columns and hands the slab over. The builder is closed.
  std::unique_ptr<Slab> finish();

 private:
  // All of `run`, or nothing where it may not fit.
  __attribute__((always_inline)) bool append_fitting(const Run& run) {
    if (run.count > most_rows_ - rows_) return false;
    const size_t bytes = bytes_ + writers_.measure(run, rows_);
    if (bytes > bytes_end_) return false;
    writers_.write(run, rows_);
    bytes_ = bytes;
    rows_ += run.count;
    return true;
  }
  // Not by a Run, whose members the loops would load anew after each store.
  size_t append_run(const Origin& origin, const Record* records, size_t count);
  // Makes sure that the first record of `run` can be written; returns how many can then. 0: it does
  // not fit in the slab, or failed().
  size_t make_room(const Run& run);
  size_t stop(bool failed);  // no more rows; 0

  const size_t max_rows_;
  const size_t max_bytes_;
  WriterSet writers_;
  size_t fixed_bytes_;  // of memory[0]
  size_t memories_;

  std::unique_ptr<Slab> slab_;
  size_t rows_ = 0;
  size_t most_rows_ = 0;  // of this slab
  size_t bytes_ = 0;      // of keys and values appended
  size_t bytes_end_ = 0;  // for which the writers have room
  bool failed_ = false;
};

}  // namespace tidemark
