// The writers of columns. Beside what ColumnWriter asks for, each has
//
//   measure(run, row)   bytes of keys and values that the run adds to the column, 0 for most
//   write(run, row)     appends the run, which fits, from `row` on; measure() came before
//
// They are inlined into the loop over the columns: for records that come alone, as interleaved
// partitions give them, a call a column cost more than what it wrote. So did the jumps, until the
// compiler was told that nulls are rare.
#pragma once

#include <algorithm>
#include <cstring>

#include "columns/column_buffers.h"
#include "columns/column_writer.h"
#include "columns/run.h"
#include "log/record_batch.h"

namespace tidemark {

// Of a column without nulls of one number a row, which `get` tells.
template <typename Number, Number (*get)(const Origin&, const Record&)>
class NumberWriter final : public ColumnWriter {
 public:
  size_t buffers() const override { return 2; }
  void place(SlabLayout& layout) override { values_.place(layout); }
  void open(Slab& slab) override { values_.open(slab); }
  size_t measure(const Run&, size_t) { return 0; }
  void write(const Run& run, size_t row) {
    Number* const out = values_.data() + row;
    for (size_t i = 0; i < run.count; ++i)
      out[i] = get(run.origin, run.records[i]);
  }
  void finish(Slab& slab) override { slab.add_column(0, {SlabSpan{}, values_.span(slab.rows)}); }

 private:
  Numbers<Number> values_;
};

class TimestampWriter final : public ColumnWriter {
 public:
  size_t buffers() const override { return 2; }
  void place(SlabLayout& layout) override {
    validity_.place(layout);
    values_.place(layout);
  }
  void open(Slab& slab) override {
    validity_.open(slab);
    values_.open(slab);
  }
  size_t measure(const Run&, size_t) { return 0; }
  void write(const Run& run, size_t row) {
    int64_t* const out = values_.data() + row;
    for (size_t i = 0; i < run.count; ++i) {
      const int64_t timestamp = run.records[i].timestamp;
      out[i] = timestamp;
      if (__builtin_expect(timestamp == kNoTimestamp, false)) validity_.set_null(row + i);
    }
  }
  void finish(Slab& slab) override {
    slab.add_column(validity_.nulls(), {validity_.span(slab.rows), values_.span(slab.rows)});
    slab.unsafe_timestamps = unsafe_in(values_.data(), slab.rows);
  }

 private:
  // JavaScript's numbers are doubles, and apache-arrow throws where one of these is to become one.
  static uint32_t unsafe_in(const int64_t* timestamps, size_t count) {
    constexpr int64_t kLargestSafe = (int64_t{1} << 53) - 1;
    return static_cast<uint32_t>(
        std::count_if(timestamps, timestamps + count, [](int64_t timestamp) {
          return (timestamp > kLargestSafe) | (timestamp < -kLargestSafe);
        }));
  }

  Validity validity_;
  Numbers<int64_t> values_;
};

// Of a column of the type Binary, whose bytes two members of a record tell.
template <const uint8_t* Record::*Data, int32_t Record::*Size>
class BytesWriter final : public ColumnWriter {
 public:
  size_t buffers() const override { return 3; }
  void place(SlabLayout& layout) override {
    validity_.place(layout);
    offsets_.place(layout, 1);
    bytes_.place(layout);
  }
  void open(Slab& slab) override {
    validity_.open(slab);
    offsets_.open(slab);
    bytes_.open(slab);
  }
  bool reserve(size_t bytes, size_t limit) override { return bytes_.reserve(bytes, limit); }
  size_t room() const override { return bytes_.room(); }
  size_t measure(const Run& run, size_t row) {
    int32_t* const offsets = offsets_.data() + row;
    size_t end = bytes_.size();
    for (size_t i = 0; i < run.count; ++i) {
      const int32_t size = run.records[i].*Size;
      offsets[i] = static_cast<int32_t>(end);
      end += size < 0 ? 0 : static_cast<size_t>(size);
    }
    return end - bytes_.size();
  }
  void write(const Run& run, size_t row) {
    uint8_t* const begin = bytes_.end();
    uint8_t* to = begin;
    for (size_t i = 0; i < run.count; ++i) {
      const int32_t size = run.records[i].*Size;
      if (__builtin_expect(size > 0, true)) {
        to = copy(to, run.records[i].*Data, static_cast<size_t>(size));
      } else if (size < 0) {
        validity_.set_null(row + i);
      }
    }
    bytes_.add(static_cast<size_t>(to - begin));
  }
  void finish(Slab& slab) override {
    offsets_.data()[slab.rows] = static_cast<int32_t>(bytes_.size());
    slab.add_column(validity_.nulls(),
                    {validity_.span(slab.rows), offsets_.span(slab.rows + 1), bytes_.span()});
  }

 private:
  // `size` bytes, from one Word to two, by two moves that may overlap.
  template <typename Word>
  static void copy_ends(uint8_t* to, const uint8_t* from, size_t size) {
    Word first, last;
    std::memcpy(&first, from, sizeof(Word));
    std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
    std::memcpy(to, &first, sizeof(Word));
    std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  }
  // For up to 16 bytes, as most keys have, the call of memcpy cost more than the moves.
  static uint8_t* copy(uint8_t* to, const uint8_t* from, size_t size) {
    if (size > 16 || size < 4) {
      std::memcpy(to, from, size);
    } else if (size >= 8) {
      copy_ends<uint64_t>(to, from, size);
    } else {
      copy_ends<uint32_t>(to, from, size);
    }
    return to + size;
  }

  Validity validity_;
  Numbers<int32_t> offsets_;
  Bytes bytes_;
};

inline int32_t topic_of(const Origin& origin, const Record&) { return origin.topic_index; }
inline int32_t source_of(const Origin& origin, const Record&) { return origin.source_index; }
inline int32_t partition_of(const Origin& origin, const Record&) { return origin.partition; }
inline int64_t offset_of(const Origin&, const Record& record) { return record.offset; }
inline int8_t timestamp_type_of(const Origin& origin, const Record&) {
  return is_log_append_time(origin.attributes) ? 1 : 0;
}

using KeyWriter = BytesWriter<&Record::key, &Record::key_size>;
using ValueWriter = BytesWriter<&Record::value, &Record::value_size>;
using TopicWriter = NumberWriter<int32_t, topic_of>;
using PartitionWriter = NumberWriter<int32_t, partition_of>;
using OffsetWriter = NumberWriter<int64_t, offset_of>;
using TimestampTypeWriter = NumberWriter<int8_t, timestamp_type_of>;
using SourceWriter = NumberWriter<int32_t, source_of>;

}  // namespace tidemark
