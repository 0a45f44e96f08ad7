#include "columns/slab_builder.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace tidemark {

namespace {

size_t bytes_of(int32_t size) { return size < 0 ? 0 : static_cast<size_t>(size); }

bool has_null(const Record& record) {
  return (record.key_size < 0) | (record.value_size < 0) | (record.timestamp == kNoTimestamp);
}

// JavaScript's numbers are doubles, and apache-arrow throws where one of these is to become one.
size_t unsafe_in(const int64_t* timestamps, size_t count) {
  constexpr int64_t kLargestSafe = (int64_t{1} << 53) - 1;
  return static_cast<size_t>(std::count_if(timestamps, timestamps + count, [](int64_t timestamp) {
    return (timestamp > kLargestSafe) | (timestamp < -kLargestSafe);
  }));
}

// Grows by half more than asked for (see most_slab_bytes), so that a slab's bytes are moved a few
// times at most.
bool make_room(SlabBuffer& buffer, size_t bytes, size_t limit) {
  if (bytes <= buffer.capacity()) return true;
  constexpr size_t kSmallest = 64 * 1024;
  const size_t roomy = std::min(std::max(bytes + bytes / 2, kSmallest), limit);
  return buffer.reserve(std::max(bytes, roomy)) || buffer.reserve(bytes);
}

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
inline void copy(uint8_t** to, const uint8_t* from, int32_t size) {
  if (size <= 0) return;
  const size_t bytes = static_cast<size_t>(size);
  if (bytes > 16 || bytes < 4) {
    std::memcpy(*to, from, bytes);
  } else if (bytes >= 8) {
    copy_ends<uint64_t>(*to, from, bytes);
  } else {
    copy_ends<uint32_t>(*to, from, bytes);
  }
  *to += bytes;
}

void fill_validity(uint8_t* bitmap, size_t rows) { std::memset(bitmap, 0xff, (rows + 7) / 8); }

}  // namespace

SlabBuilder::SlabBuilder(size_t max_rows, size_t max_bytes)
    : layout_(max_rows),
      max_rows_(max_rows),
      // Arrow's Binary has 32-bit offsets. A record that comes alone has int32 sizes itself.
      max_bytes_(std::min<size_t>(max_bytes, std::numeric_limits<int32_t>::max())) {}

size_t SlabBuilder::most_slab_bytes(size_t max_rows, size_t max_bytes) {
  return SlabLayout(max_rows).bytes + max_bytes + max_bytes / 2;
}

bool SlabBuilder::open(std::unique_ptr<Slab> slab) {
  if (slab == nullptr || !slab->fixed.reserve(layout_.bytes)) return false;
  slab->clear();
  slab->row_capacity = max_rows_;
  uint8_t* const fixed = slab->fixed.data();
  columns_.offset = reinterpret_cast<int64_t*>(fixed + layout_.offset);
  columns_.timestamp = reinterpret_cast<int64_t*>(fixed + layout_.timestamp);
  columns_.topic = reinterpret_cast<int32_t*>(fixed + layout_.topic);
  columns_.partition = reinterpret_cast<int32_t*>(fixed + layout_.partition);
  columns_.key_offsets = reinterpret_cast<int32_t*>(fixed + layout_.key_offsets);
  columns_.value_offsets = reinterpret_cast<int32_t*>(fixed + layout_.value_offsets);
  columns_.key_validity = fixed + layout_.key_validity;
  columns_.value_validity = fixed + layout_.value_validity;
  columns_.timestamp_validity = fixed + layout_.timestamp_validity;
  slab_ = std::move(slab);
  rows_ = 0;
  full_ = max_rows_ == 0;
  failed_ = false;
  return true;
}

// One loop a column, over the whole run: each writes one stream.
size_t SlabBuilder::append(int32_t topic_index, int32_t partition, const Record* records,
                           size_t count) {
  if (full_ || failed_) return 0;
  const size_t fitting = append_sizes(records, std::min(count, max_rows_ - rows_));
  uint8_t* key = slab_->keys.data() + slab_->key_bytes;
  uint8_t* value = slab_->values.data() + slab_->value_bytes;
  for (size_t i = 0; i < fitting; ++i)
    columns_.offset[rows_ + i] = records[i].offset;
  for (size_t i = 0; i < fitting; ++i)
    columns_.timestamp[rows_ + i] = records[i].timestamp;
  std::fill_n(columns_.topic + rows_, fitting, topic_index);
  std::fill_n(columns_.partition + rows_, fitting, partition);
  for (size_t i = 0; i < fitting; ++i)
    copy(&key, records[i].key, records[i].key_size);
  for (size_t i = 0; i < fitting; ++i)
    copy(&value, records[i].value, records[i].value_size);
  slab_->key_bytes = static_cast<size_t>(key - slab_->keys.data());
  slab_->value_bytes = static_cast<size_t>(value - slab_->values.data());
  rows_ += fitting;
  if (rows_ == max_rows_) full_ = true;
  return fitting;
}

// The loops of append() cost more than the copy when they run once.
bool SlabBuilder::append_one(int32_t topic_index, int32_t partition, const Record& record) {
  const size_t key_begin = slab_->key_bytes;
  const size_t value_begin = slab_->value_bytes;
  const size_t key_end = key_begin + bytes_of(record.key_size);
  const size_t value_end = value_begin + bytes_of(record.value_size);
  if (full_ || failed_ || key_end > slab_->keys.capacity() ||
      value_end > slab_->values.capacity() || key_end + value_end > max_bytes_) {
    return append(topic_index, partition, &record, 1) == 1;
  }
  if (has_null(record)) append_nulls(&record, 1);
  columns_.offset[rows_] = record.offset;
  columns_.timestamp[rows_] = record.timestamp;
  columns_.topic[rows_] = topic_index;
  columns_.partition[rows_] = partition;
  columns_.key_offsets[rows_] = static_cast<int32_t>(key_begin);
  columns_.value_offsets[rows_] = static_cast<int32_t>(value_begin);
  uint8_t* key = slab_->keys.data() + key_begin;
  uint8_t* value = slab_->values.data() + value_begin;
  copy(&key, record.key, record.key_size);
  copy(&value, record.value, record.value_size);
  slab_->key_bytes = key_end;
  slab_->value_bytes = value_end;
  full_ = ++rows_ == max_rows_;
  return true;
}

size_t SlabBuilder::append_sizes(const Record* records, size_t count) {
  size_t key_end = slab_->key_bytes;
  size_t value_end = slab_->value_bytes;
  bool has_nulls = false;
  size_t fitting = 0;
  for (; fitting < count; ++fitting) {
    const Record& record = records[fitting];
    const size_t key_size = bytes_of(record.key_size);
    const size_t value_size = bytes_of(record.value_size);
    const size_t row = rows_ + fitting;
    if (key_end + value_end + key_size + value_size > max_bytes_ && row > 0) {
      full_ = true;
      break;
    }
    columns_.key_offsets[row] = static_cast<int32_t>(key_end);
    columns_.value_offsets[row] = static_cast<int32_t>(value_end);
    key_end += key_size;
    value_end += value_size;
    has_nulls |= has_null(record);
  }
  if (!make_room(slab_->keys, key_end, max_bytes_) ||
      !make_room(slab_->values, value_end, max_bytes_)) {
    failed_ = true;
    return 0;
  }
  if (has_nulls) append_nulls(records, fitting);
  return fitting;
}

// A bitmap is written from the first null of its column on; finish() fills those without any.
void SlabBuilder::append_nulls(const Record* records, size_t count) {
  const auto mark = [this](uint8_t* bitmap, size_t row, size_t* nulls) {
    if (*nulls == 0) fill_validity(bitmap, max_rows_);
    bitmap[row / 8] &= static_cast<uint8_t>(~(1u << (row % 8)));
    ++*nulls;
  };
  for (size_t i = 0; i < count; ++i) {
    const Record& record = records[i];
    const size_t row = rows_ + i;
    if (record.key_size < 0) mark(columns_.key_validity, row, &slab_->key_nulls);
    if (record.value_size < 0) mark(columns_.value_validity, row, &slab_->value_nulls);
    if (record.timestamp == kNoTimestamp) {
      mark(columns_.timestamp_validity, row, &slab_->timestamp_nulls);
    }
  }
}

std::unique_ptr<Slab> SlabBuilder::finish() {
  columns_.key_offsets[rows_] = static_cast<int32_t>(slab_->key_bytes);
  columns_.value_offsets[rows_] = static_cast<int32_t>(slab_->value_bytes);
  if (slab_->key_nulls == 0) fill_validity(columns_.key_validity, rows_);
  if (slab_->value_nulls == 0) fill_validity(columns_.value_validity, rows_);
  if (slab_->timestamp_nulls == 0) fill_validity(columns_.timestamp_validity, rows_);
  slab_->unsafe_timestamps = unsafe_in(columns_.timestamp, rows_);
  slab_->rows = rows_;
  rows_ = 0;
  return std::move(slab_);
}

}  // namespace tidemark
