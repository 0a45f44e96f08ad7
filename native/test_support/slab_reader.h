// Reads a slab back into rows, by the layout alone, and checks its null counts on the way.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "columns/slab.h"
#include "log/record.h"

namespace tidemark::testing {

struct SlabRow {
  int32_t topic;
  int32_t partition;
  int64_t offset;
  std::optional<int64_t> timestamp;
  std::optional<std::string> key, value;

  bool operator==(const SlabRow& other) const {
    const auto fields = [](const SlabRow& row) {
      return std::tie(row.topic, row.partition, row.offset, row.timestamp, row.key, row.value);
    };
    return fields(*this) == fields(other);
  }
};

template <typename T>
T slab_number(const Slab& slab, size_t column, size_t row) {
  T number;
  std::memcpy(&number, slab.fixed.data() + column + row * sizeof(T), sizeof(T));
  return number;
}

inline std::optional<std::string> slab_bytes(const Slab& slab, const SlabBuffer& bytes,
                                             size_t offsets, size_t validity, size_t row) {
  const int32_t from = slab_number<int32_t>(slab, offsets, row);
  const int32_t to = slab_number<int32_t>(slab, offsets, row + 1);
  EXPECT_LE(from, to);
  if ((slab.fixed.data()[validity + row / 8] >> (row % 8) & 1) == 0) {
    EXPECT_EQ(from, to) << "a null has bytes";
    return std::nullopt;
  }
  return std::string(reinterpret_cast<const char*>(bytes.data()) + from,
                     static_cast<size_t>(to - from));
}

inline std::vector<SlabRow> read_slab(const Slab& slab) {
  const SlabLayout layout(slab.row_capacity);
  std::vector<SlabRow> rows;
  size_t key_nulls = 0, value_nulls = 0, timestamp_nulls = 0;
  for (size_t row = 0; row < slab.rows; ++row) {
    SlabRow read;
    read.topic = slab_number<int32_t>(slab, layout.topic, row);
    read.partition = slab_number<int32_t>(slab, layout.partition, row);
    read.offset = slab_number<int64_t>(slab, layout.offset, row);
    if (slab.fixed.data()[layout.timestamp_validity + row / 8] >> (row % 8) & 1) {
      read.timestamp = slab_number<int64_t>(slab, layout.timestamp, row);
    }
    read.key = slab_bytes(slab, slab.keys, layout.key_offsets, layout.key_validity, row);
    read.value = slab_bytes(slab, slab.values, layout.value_offsets, layout.value_validity, row);
    key_nulls += !read.key;
    value_nulls += !read.value;
    timestamp_nulls += !read.timestamp;
    rows.push_back(std::move(read));
  }
  EXPECT_EQ(slab_number<int32_t>(slab, layout.key_offsets, 0), 0);
  EXPECT_EQ(slab_number<int32_t>(slab, layout.value_offsets, 0), 0);
  EXPECT_EQ(slab_number<uint32_t>(slab, layout.key_offsets, slab.rows), slab.key_bytes);
  EXPECT_EQ(slab_number<uint32_t>(slab, layout.value_offsets, slab.rows), slab.value_bytes);
  EXPECT_EQ(key_nulls, slab.key_nulls);
  EXPECT_EQ(value_nulls, slab.value_nulls);
  EXPECT_EQ(timestamp_nulls, slab.timestamp_nulls);
  return rows;
}

}  // namespace tidemark::testing
