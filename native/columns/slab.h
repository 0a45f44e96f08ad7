// Slab: the columns of one Arrow RecordBatch as bare memory, in the columnar layout of Arrow
// (validity bitmaps LSB first, 32-bit offsets for Binary). Three buffers:
//   fixed   all columns of fixed width, offsets and bitmaps, each 64-byte aligned
//   keys    the bytes of `key`,  values  the bytes of `value`: they grow on their own, so that no
//           record's bytes are copied twice
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
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

// The one list of what the fixed buffer begins with, each a uint32_t in this order, and where it is
// taken from (twin of SLAB_HEAD_FIELDS in src/slab-head.ts).
#define TIDEMARK_SLAB_HEAD(FIELD)                      \
  FIELD(rows, slab.rows)                               \
  FIELD(key_bytes, slab.key_bytes)                     \
  FIELD(value_bytes, slab.value_bytes)                 \
  FIELD(key_nulls, slab.key_nulls)                     \
  FIELD(value_nulls, slab.value_nulls)                 \
  FIELD(timestamp_nulls, slab.timestamp_nulls)         \
  FIELD(unsafe_timestamps, slab.unsafe_timestamps)     \
  FIELD(offset, layout.offset)                         \
  FIELD(timestamp, layout.timestamp)                   \
  FIELD(topic, layout.topic)                           \
  FIELD(partition, layout.partition)                   \
  FIELD(key_offsets, layout.key_offsets)               \
  FIELD(value_offsets, layout.value_offsets)           \
  FIELD(key_validity, layout.key_validity)             \
  FIELD(value_validity, layout.value_validity)         \
  FIELD(timestamp_validity, layout.timestamp_validity) \
  FIELD(keys_at, first_key)                            \
  FIELD(values_at, first_value)

// All that a slab's reader has to know. As memory it costs nothing to hand over; as properties of
// an object it was most of what a batch of one row cost.
struct SlabHead {
  // `first_key` and `first_value` are where the bytes begin in their buffers.
  SlabHead(const Slab& slab, const SlabLayout& layout, size_t first_key, size_t first_value);

#define TIDEMARK_DECLARE(name, from) uint32_t name;
  TIDEMARK_SLAB_HEAD(TIDEMARK_DECLARE)
#undef TIDEMARK_DECLARE
};

#define TIDEMARK_NAME(name, from) #name,
inline constexpr const char* kSlabHeadFields[] = {TIDEMARK_SLAB_HEAD(TIDEMARK_NAME)};
#undef TIDEMARK_NAME
static_assert(sizeof(SlabHead) == std::size(kSlabHeadFields) * sizeof(uint32_t),
              "its reader takes it for bare numbers");

struct Slab {
  size_t rows = 0;
  size_t row_capacity = 0;
  SlabBuffer fixed, keys, values;
  size_t key_bytes = 0;
  size_t value_bytes = 0;
  size_t key_nulls = 0, value_nulls = 0, timestamp_nulls = 0;
  size_t unsafe_timestamps = 0;  // those that Number.isSafeInteger does not take

  size_t bytes() const;  // of memory taken for rows, for accounting
  void clear();          // no rows; the memory is kept
};

}  // namespace tidemark
