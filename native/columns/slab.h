// Slab: the columns of one Arrow RecordBatch as bare memory, in the columnar layout of Arrow
// (validity bitmaps LSB first, 32-bit offsets for Binary). Three buffers:
//   fixed   all columns of fixed width, offsets and bitmaps, each 64-byte aligned
//   keys    the bytes of `key`,  values  the bytes of `value`: they grow on their own, so that no
//           record's bytes are copied twice
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tidemark {

// Byte offset of each column within the fixed buffer; a function of the row capacity alone.
// This is the one list of the columns on the native side; src/record-batch.ts has its twin.
struct SlabLayout {
  size_t head;                // a SlabHead
  size_t offset;              // int64[capacity]
  size_t timestamp;           // int64[capacity]
  size_t topic;               // int32[capacity], dictionary index
  size_t partition;           // int32[capacity]
  size_t key_offsets;         // int32[capacity + 1]
  size_t value_offsets;       // int32[capacity + 1]
  size_t key_validity;        // bitmap
  size_t value_validity;      // bitmap
  size_t timestamp_validity;  // bitmap
  size_t bytes;               // of the whole buffer

  explicit SlabLayout(size_t row_capacity);
};

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

struct Slab;

// What the fixed buffer begins with: all that its reader has to know (twin of src/slab-head.ts). As
// memory it costs nothing to hand over; as properties of an object it was most of what a batch of
// one row cost.
struct SlabHead {
  // `keys_at` and `values_at` are where the bytes begin in their buffers.
  SlabHead(const Slab& slab, const SlabLayout& layout, size_t keys_at, size_t values_at);

  uint32_t rows;
  uint32_t key_bytes, value_bytes;
  uint32_t key_nulls, value_nulls, timestamp_nulls;
  uint32_t offset, timestamp, topic, partition;
  uint32_t key_offsets, value_offsets;
  uint32_t key_validity, value_validity, timestamp_validity;
  uint32_t keys_at, values_at;
};

struct Slab {
  size_t rows = 0;
  size_t row_capacity = 0;
  SlabBuffer fixed, keys, values;
  size_t key_bytes = 0;
  size_t value_bytes = 0;
  size_t key_nulls = 0, value_nulls = 0, timestamp_nulls = 0;

  size_t bytes() const;  // of memory taken for rows, for accounting
  void clear();          // no rows; the memory is kept
};

}  // namespace tidemark
