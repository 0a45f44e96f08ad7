// Reads a slab back into rows, by its schema and its spans alone, and checks its null counts on the
// way.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "columns/schema.h"
#include "columns/slab.h"
#include "test_support/record_columns.h"

namespace tidemark::testing {

struct SlabRow {
  int32_t topic;
  int32_t source;
  int32_t partition;
  int64_t offset;
  std::optional<int64_t> timestamp;
  std::optional<std::string> key, value;

  bool operator==(const SlabRow& other) const {
    const auto fields = [](const SlabRow& row) {
      return std::tie(row.topic, row.source, row.partition, row.offset, row.timestamp, row.key,
                      row.value);
    };
    return fields(*this) == fields(other);
  }
};

// One column of a slab.
class ColumnReader {
 public:
  // Empty where the schema has no column of that name.
  ColumnReader(const Slab& slab, const Schema& schema, const std::string& name) : slab_(slab) {
    for (const Column& column : schema) {
      if (name == column.name) return;
      first_span_ += column.format == std::string("z") ? 3 : 2;
      ++column_;
    }
    there_ = false;
  }
  ~ColumnReader() {
    if (there_) {
      EXPECT_EQ(nulls_, slab_.null_counts[column_]);
    }
  }

  bool is_there() const { return there_; }

  bool is_null(size_t row) {
    const SlabSpan& validity = span(0);
    if (validity.bytes == 0) return false;
    const bool null = (data(0)[row / 8] >> (row % 8) & 1) == 0;
    nulls_ += null;
    return null;
  }
  template <typename T>
  T number(size_t row, size_t buffer = 1) const {
    EXPECT_LE((row + 1) * sizeof(T), span(buffer).bytes);
    T number;
    std::memcpy(&number, data(buffer) + row * sizeof(T), sizeof(T));
    return number;
  }
  template <typename T>
  std::optional<T> optional_number(size_t row) {
    if (is_null(row)) return std::nullopt;
    return number<T>(row);
  }
  std::optional<std::string> bytes(size_t row) {
    const int32_t from = number<int32_t>(row);
    const int32_t to = number<int32_t>(row + 1);
    EXPECT_LE(from, to);
    EXPECT_LE(static_cast<uint32_t>(to), span(2).bytes);
    if (row == 0) {
      EXPECT_EQ(from, 0);
    }
    if (row + 1 == slab_.rows) {
      EXPECT_EQ(static_cast<uint32_t>(to), span(2).bytes);
    }
    if (is_null(row)) {
      EXPECT_EQ(from, to) << "a null has bytes";
      return std::nullopt;
    }
    return std::string(reinterpret_cast<const char*>(data(2)) + from,
                       static_cast<size_t>(to - from));
  }

 private:
  const SlabSpan& span(size_t buffer) const { return slab_.spans[first_span_ + buffer]; }
  const uint8_t* data(size_t buffer) const {
    return slab_.memory[span(buffer).memory].data() + span(buffer).at;
  }

  const Slab& slab_;
  size_t first_span_ = 0;
  size_t column_ = 0;
  bool there_ = true;
  size_t nulls_ = 0;
};

// What has no column is 0, or null.
inline std::vector<SlabRow> read_slab(const Slab& slab, const Schema& schema = record_columns()) {
  const auto column = [&](const char* name) { return ColumnReader(slab, schema, name); };
  ColumnReader topic = column("topic"), partition = column("partition"), offset = column("offset");
  ColumnReader source = column("source");
  ColumnReader timestamp = column("timestamp"), key = column("key"), value = column("value");
  std::vector<SlabRow> rows;
  for (size_t row = 0; row < slab.rows; ++row) {
    SlabRow read{};
    if (topic.is_there()) read.topic = topic.number<int32_t>(row);
    if (source.is_there()) read.source = source.number<int32_t>(row);
    if (partition.is_there()) read.partition = partition.number<int32_t>(row);
    if (offset.is_there()) read.offset = offset.number<int64_t>(row);
    if (timestamp.is_there()) read.timestamp = timestamp.optional_number<int64_t>(row);
    if (key.is_there()) read.key = key.bytes(row);
    if (value.is_there()) read.value = value.bytes(row);
    rows.push_back(std::move(read));
  }
  return rows;
}

}  // namespace tidemark::testing
