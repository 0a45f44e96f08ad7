#include "log/record_batch_decoder.h"

#include <algorithm>
#include <limits>

#include "log/prefetch.h"
#include "log/varint.h"

namespace tidemark {

namespace {

// Length, attributes, timestamp delta, offset delta, key length, value length, header count.
constexpr size_t kSmallestRecord = 7;

// How far ahead of the decoder bytes are asked for. A partition decodes some records and is left
// alone until they are used up: each time it would begin with a page that nothing has prefetched.
constexpr uintptr_t kPrefetchAhead = 4096;

// Headers are not handed out, but walked: what does not parse must not pass for a good record.
const uint8_t* skip_headers(const uint8_t* cursor, const uint8_t* end, int64_t count) {
  for (; count > 0; --count) {
    int64_t size;
    cursor = read_varint(cursor, end, &size);
    if (cursor == nullptr || size < 0 || size > end - cursor) return nullptr;
    cursor += size;
    cursor = read_varint(cursor, end, &size);
    if (cursor == nullptr || size < -1 || size > end - cursor) return nullptr;
    if (size > 0) cursor += size;
  }
  return cursor;
}

}  // namespace

const char* RecordBatchDecoder::check_header(const RecordBatch& batch) {
  if (batch.base_offset < 0) return "its base offset is negative";
  if (batch.last_offset < batch.base_offset) return "its last offset is below its base offset";
  const int64_t span = batch.last_offset - batch.base_offset;
  if (span > std::numeric_limits<int32_t>::max() ||
      batch.last_offset == std::numeric_limits<int64_t>::max()) {
    return "its last offset is too large";
  }
  if (batch.kind != RecordBatchKind::kRecords) return nullptr;
  if (batch.record_count < 0) return "its record count is negative";
  if (batch.record_count > span + 1) return "its record count is larger than its offsets allow";
  const size_t size = batch.records == nullptr ? 0 : batch.size;
  // What comes out of a compressed section is known at its end only. Of nothing comes nothing.
  const bool is_size_known = !batch.is_compressed || size == 0;
  if (is_size_known && static_cast<size_t>(batch.record_count) > size / kSmallestRecord) {
    return "its record count is larger than its bytes allow";
  }
  if (batch.record_count == 0 && size != 0) return "bytes are left over behind the last record";
  return nullptr;
}

const char* RecordBatchDecoder::open(const RecordBatch& batch) {
  *this = RecordBatchDecoder();
  const char* const fault = check_header(batch);
  if (fault != nullptr) return fault;
  remaining_ = batch.kind == RecordBatchKind::kRecords ? batch.record_count : 0;
  is_last_ = !batch.is_compressed || remaining_ == 0;
  cursor_ = is_last_ ? batch.records : nullptr;
  end_ = is_last_ && remaining_ > 0 ? batch.records + batch.size : cursor_;
  base_offset_ = batch.base_offset;
  span_ = batch.last_offset - batch.base_offset;
  origin_timestamp_ =
      static_cast<uint64_t>(batch.log_append_time() ? batch.max_timestamp : batch.base_timestamp);
  delta_mask_ = batch.log_append_time() ? 0 : ~uint64_t{0};
  return nullptr;
}

void RecordBatchDecoder::refill(const uint8_t* window, size_t size, bool is_last) {
  cursor_ = window;
  end_ = window + size;
  is_last_ = is_last;
}

size_t RecordBatchDecoder::wanted() const {
  int64_t size;
  const uint8_t* const cursor = read_varint(cursor_, end_, &size);
  if (cursor == nullptr || size < 0) return unread() + 1;
  return static_cast<size_t>(cursor - cursor_) + static_cast<size_t>(size);
}

// What is wrong within a record, or with its length, is so whatever follows.
bool RecordBatchDecoder::is_cut_off() const {
  if (is_last_) return false;
  int64_t size;
  const uint8_t* const cursor = read_varint(cursor_, end_, &size);
  if (cursor == nullptr) return unread() < kLongestVarint;
  return size > end_ - cursor;
}

const char* RecordBatchDecoder::decode_one(Record* out) {
  int64_t size;
  const uint8_t* cursor = read_varint(cursor_, end_, &size);
  if (cursor == nullptr || size < 0 || size > end_ - cursor) {
    return "the length of a record runs past the end of the record batch";
  }
  const uint8_t* const end = cursor + size;
  if (cursor == end) return "a record is empty";
  ++cursor;  // attributes: none are defined

  int64_t timestamp_delta, offset_delta;
  cursor = read_varint(cursor, end, &timestamp_delta);
  if (cursor != nullptr) cursor = read_varint(cursor, end, &offset_delta);
  if (cursor == nullptr) {
    return "a timestamp or offset runs past the end of its record";
  }
  if (offset_delta <= last_offset_delta_ || offset_delta > span_) {
    return "the offsets of its records do not increase within its range";
  }

  int64_t key_size;
  cursor = read_varint(cursor, end, &key_size);
  if (cursor == nullptr || key_size < -1 || key_size > end - cursor) {
    return "a key runs past the end of its record";
  }
  out->key = cursor;
  if (key_size > 0) cursor += key_size;

  int64_t value_size;
  cursor = read_varint(cursor, end, &value_size);
  if (cursor == nullptr || value_size < -1 || value_size > end - cursor) {
    return "a value runs past the end of its record";
  }
  out->value = cursor;
  if (value_size > 0) cursor += value_size;

  int64_t header_count;
  cursor = read_varint(cursor, end, &header_count);
  if (cursor != nullptr && header_count > 0) cursor = skip_headers(cursor, end, header_count);
  if (cursor != end || header_count < 0) {
    return "the headers of a record do not end where the record ends";
  }

  out->offset = base_offset_ + offset_delta;
  out->timestamp = static_cast<int64_t>(origin_timestamp_ +
                                        (static_cast<uint64_t>(timestamp_delta) & delta_mask_));
  out->key_size = static_cast<int32_t>(key_size);
  out->value_size = static_cast<int32_t>(value_size);
  last_offset_delta_ = offset_delta;
  cursor_ = end;
  return nullptr;
}

const char* RecordBatchDecoder::decode(Record* out, size_t capacity, size_t* count) {
  const size_t wanted = std::min(capacity, static_cast<size_t>(remaining_));
  const char* fault = nullptr;
  // A copy, which the compiler keeps in registers: what is stored in `out` may be in *this.
  RecordBatchDecoder walk = *this;
  size_t decoded = 0;
  for (; decoded < wanted; ++decoded) {
    fault = walk.decode_one(out + decoded);
    if (fault != nullptr) break;
    prefetch(walk.cursor_, kPrefetchAhead);
  }
  walk.remaining_ -= static_cast<int32_t>(decoded);
  *this = walk;
  *count = decoded;
  if (fault != nullptr) return is_cut_off() ? nullptr : fault;
  if (remaining_ == 0 && cursor_ != end_) return "bytes are left over behind the last record";
  return nullptr;
}

}  // namespace tidemark
