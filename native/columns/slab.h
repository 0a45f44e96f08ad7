// Slab: the columns of one Arrow RecordBatch as bare memory. A column's buffers are those of the
// Arrow C data interface, in its order: validity bitmap, offsets, values.
//
//   memory[0]   head, and all buffers whose size follows from the number of rows
//               ┌──────┬──────────┬─────────┬───────┬──────────┬────────┬─── ─ ─
//               │ head │ validity │ offsets │ topic │ validity │ values │ ...
//               └──────┴──────────┴─────────┴───────┴──────────┴────────┴─── ─ ─
//   memory[1…]  the bytes of one column of variable width each: they grow on their own, so that no
//               record's bytes are copied twice
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace tidemark {

// A growable piece of malloc'ed memory: realloc moves large ones by remapping, without a copy.
class SlabBuffer {
 public:
  SlabBuffer() = default;
  SlabBuffer(SlabBuffer&& other) noexcept;
  SlabBuffer& operator=(SlabBuffer&& other) noexcept;
  ~SlabBuffer();

  bool reserve(size_t capacity);  // false when there is no memory; contents are kept
  uint8_t* data() const { return data_; }
  size_t capacity() const { return capacity_; }

 private:
  uint8_t* data_ = nullptr;
  size_t capacity_ = 0;
};

// Where one buffer of a column lies, as 32-bit numbers for its reader in JavaScript.
struct SlabSpan {
  uint32_t memory;  // which of the slab's
  uint32_t at;      // bytes from its beginning
  uint32_t bytes;   // 0 for a validity bitmap: nothing is null
};

// All that a slab's reader has to know, at the beginning of memory[0]: this, then the spans of all
// buffers of all columns, then the null count of each column. As memory it costs nothing to hand
// over; as properties of an object it was most of what a batch of one row cost.
struct SlabHead {
  uint32_t rows;
  uint32_t spans;
  uint32_t columns;
  uint32_t unsafe_timestamps;

  static size_t bytes(size_t spans, size_t columns) {
    return sizeof(SlabHead) + spans * sizeof(SlabSpan) + columns * sizeof(uint32_t);
  }
};

constexpr size_t kSlabAlignment = 64;
constexpr size_t aligned(size_t bytes) {
  return (bytes + kSlabAlignment - 1) / kSlabAlignment * kSlabAlignment;
}

struct Slab {
  size_t rows = 0;
  std::vector<SlabBuffer> memory;
  std::vector<SlabSpan> spans;        // by column, in the order of the C data interface
  std::vector<uint32_t> null_counts;  // by column
  uint32_t unsafe_timestamps = 0;     // those that Number.isSafeInteger does not take

  size_t bytes() const;  // of memory taken for rows, for accounting
  void clear();          // no rows; the memory is kept

  // The columns come in the schema's order.
  void add_column(uint32_t nulls, std::initializer_list<SlabSpan> buffers) {
    null_counts.push_back(nulls);
    spans.insert(spans.end(), buffers);
  }

  // Of memory `index`, what is in use: memory[0] as a whole, of the others the bytes of their
  // column.
  size_t used_bytes(size_t index) const;
  // What a copy without room for more rows takes: head and buffers, one after another.
  size_t copied_bytes() const;
  void copy_to(uint8_t* target) const;
  void write_head();  // into memory[0]
};

}  // namespace tidemark
