#include "columns/writers.h"

#include <cstring>

#include "columns/column_buffers.h"
#include "log/record_batch.h"

namespace tidemark {

namespace {

// A column without nulls of one number a row.
template <typename Number, typename Get>
class NumberWriter final : public ColumnWriter {
 public:
  explicit NumberWriter(Get get) : get_(get) {}

  size_t buffers() const override { return 2; }
  void place(SlabLayout& layout) override { values_.place(layout); }
  void open(Slab& slab) override { values_.open(slab); }
  void write(const Picks& in, size_t row) override {
    const Picks picks = in;  // which does not change while the column is written
    Number* const out = values_.data() + row;
    for (size_t i = 0; i < picks.count; ++i)
      out[i] = get_(picks, i);
  }
  void finish(Slab& slab) override { slab.add_column(0, {SlabSpan{}, values_.span(slab.rows)}); }

 private:
  const Get get_;
  Numbers<Number> values_;
};

template <typename Number, typename Get>
ColumnWriterPtr number_writer(Get get) {
  return std::make_unique<NumberWriter<Number, Get>>(get);
}

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
  void write(const Picks& picks, size_t row) override {
    const Record* const records = picks.records;
    const size_t count = picks.count;
    int64_t* const out = values_.data() + row;
    bool has_nulls = false;
    for (size_t i = 0; i < count; ++i) {
      out[i] = records[i].timestamp;
      has_nulls |= records[i].timestamp == kNoTimestamp;
    }
    if (!has_nulls) return;
    for (size_t i = 0; i < count; ++i) {
      if (records[i].timestamp == kNoTimestamp) validity_.set_null(row + i);
    }
  }
  void finish(Slab& slab) override {
    slab.add_column(validity_.nulls(), {validity_.span(slab.rows), values_.span(slab.rows)});
  }

 private:
  Validity validity_;
  Numbers<int64_t> values_;
};

// `size` bytes, from one Word to two, by two moves that may overlap.
template <typename Word>
void copy_ends(uint8_t* to, const uint8_t* from, size_t size) {
  Word first, last;
  std::memcpy(&first, from, sizeof(Word));
  std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
  std::memcpy(to, &first, sizeof(Word));
  std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
}

// For up to 16 bytes, as most keys have, the call of memcpy cost more than the moves.
inline uint8_t* copy(uint8_t* to, const uint8_t* from, int32_t size) {
  if (size <= 0) return to;
  const size_t bytes = static_cast<size_t>(size);
  if (bytes > 16 || bytes < 4) {
    std::memcpy(to, from, bytes);
  } else if (bytes >= 8) {
    copy_ends<uint64_t>(to, from, bytes);
  } else {
    copy_ends<uint32_t>(to, from, bytes);
  }
  return to + bytes;
}

// Binary, of the bytes that two members of a record tell.
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
  void write(const Picks& picks, size_t row) override {
    const Record* const records = picks.records;
    const size_t count = picks.count;
    int32_t* const offsets = offsets_.data() + row;
    int32_t end = static_cast<int32_t>(bytes_.size());
    int32_t signs = 0;
    for (size_t i = 0; i < count; ++i) {
      const int32_t size = records[i].*Size;
      offsets[i] = end;
      end += size < 0 ? 0 : size;
      signs |= size;
    }
    if (signs < 0) write_nulls(picks, row);
    uint8_t* to = bytes_.end();
    for (size_t i = 0; i < count; ++i)
      to = copy(to, records[i].*Data, records[i].*Size);
    bytes_.set_end(to);
  }
  void finish(Slab& slab) override {
    offsets_.data()[slab.rows] = static_cast<int32_t>(bytes_.size());
    slab.add_column(validity_.nulls(),
                    {validity_.span(slab.rows), offsets_.span(slab.rows + 1), bytes_.span()});
  }

 private:
  void write_nulls(const Picks& picks, size_t row) {
    for (size_t i = 0; i < picks.count; ++i) {
      if (picks.records[i].*Size < 0) validity_.set_null(row + i);
    }
  }

  Validity validity_;
  Numbers<int32_t> offsets_;
  Bytes bytes_;
};

}  // namespace

ColumnWriterPtr write_key() {
  return std::make_unique<BytesWriter<&Record::key, &Record::key_size>>();
}

ColumnWriterPtr write_value() {
  return std::make_unique<BytesWriter<&Record::value, &Record::value_size>>();
}

ColumnWriterPtr write_topic() {
  return number_writer<int32_t>(
      [](const Picks& picks, size_t i) { return picks.origin(i).topic_index; });
}

ColumnWriterPtr write_partition() {
  return number_writer<int32_t>(
      [](const Picks& picks, size_t i) { return picks.origin(i).partition; });
}

ColumnWriterPtr write_offset() {
  return number_writer<int64_t>(
      [](const Picks& picks, size_t i) { return picks.records[i].offset; });
}

ColumnWriterPtr write_timestamp_type() {
  return number_writer<int8_t>([](const Picks& picks, size_t i) {
    return static_cast<int8_t>(is_log_append_time(picks.origin(i).attributes));
  });
}

ColumnWriterPtr write_timestamp() { return std::make_unique<TimestampWriter>(); }

}  // namespace tidemark
