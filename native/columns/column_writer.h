// ColumnWriter: fills one column of a slab. It owns the column's buffers, in the order of the Arrow
// C data interface; that of a column that was not chosen has none.
#pragma once

#include <cstddef>
#include <cstdint>

#include "columns/slab.h"

namespace tidemark {

// Gives out the places in a slab's memory, before there is any.
class SlabLayout {
 public:
  SlabLayout(size_t max_rows, size_t head_bytes)
      : max_rows_(max_rows), bytes_(aligned(head_bytes)) {}

  size_t max_rows() const { return max_rows_; }
  // Where a buffer of so many bytes begins in memory[0].
  size_t place(size_t bytes) {
    const size_t at = bytes_;
    bytes_ += aligned(bytes);
    return at;
  }
  // The index of a memory that grows.
  uint32_t place_growing() { return growing_++; }

  size_t bytes() const { return bytes_; }  // of memory[0]
  uint32_t memories() const { return growing_; }

 private:
  size_t max_rows_;
  size_t bytes_;
  uint32_t growing_ = 1;
};

// What is done once a slab, or less. What is done for each record is not virtual: see writers.h.
class ColumnWriter {
 public:
  virtual ~ColumnWriter() = default;

  // How many buffers the column has.
  virtual size_t buffers() const = 0;
  // Takes places for them, for slabs of `layout.max_rows()` rows. Comes once, before all others.
  virtual void place(SlabLayout& layout) = 0;
  // Starts an empty column in `slab`, which has all memory of fixed size.
  virtual void open(Slab& slab) = 0;
  // Makes sure that records with `bytes` of keys and values together can be written. `limit` is
  // what keys and values of a slab come to at most, unless a record is larger. False: no memory.
  virtual bool reserve(size_t /*bytes*/, size_t /*limit*/) { return true; }
  // How many such bytes can be written without another reserve().
  virtual size_t room() const { return SIZE_MAX; }
  // Completes the column of `slab.rows` rows, and adds it to the slab.
  virtual void finish(Slab& slab) = 0;
};

}  // namespace tidemark
