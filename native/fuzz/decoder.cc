#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/plain_decoder.h"
#include "fuzz/targets.h"
#include "log/record_batch_decoder.h"
#include "test_support/dice.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {

namespace {

// Now and then another number than the true one: one off, of the borders, or any at all.
int64_t perhaps_a_lie(int64_t truth, Dice& dice) {
  if (!dice.one_in(16)) return truth;
  constexpr int64_t kBorders[] = {-2,
                                  -1,
                                  0,
                                  1,
                                  127,
                                  std::numeric_limits<int32_t>::min(),
                                  std::numeric_limits<int32_t>::max(),
                                  std::numeric_limits<int64_t>::min(),
                                  std::numeric_limits<int64_t>::max()};
  switch (dice.below(4)) {
    case 0:
      return static_cast<int64_t>(static_cast<uint64_t>(truth) + 1);
    case 1:
      return static_cast<int64_t>(static_cast<uint64_t>(truth) - 1);
    case 2:
      return kBorders[dice.below(std::size(kBorders))];
    default:
      return static_cast<int64_t>(dice());
  }
}

// Also in more bytes than it needs, which is allowed up to ten.
void put_varint(Bytes& to, int64_t truth, Dice& dice) {
  write_varint(to, perhaps_a_lie(truth, dice));
  if (!dice.one_in(16)) return;
  for (int64_t padding = 1 + dice.below(10); padding > 0; --padding) {
    to.back() |= 0x80;
    to.push_back(dice.one_in(8) ? 1 : 0);
  }
}

void put_bytes(Bytes& to, bool may_be_null, Dice& dice) {
  if (may_be_null && dice.one_in(4)) {
    put_varint(to, -1, dice);
    return;
  }
  const int64_t size = dice.one_in(8) ? 60 + dice.below(100) : dice.below(6);
  put_varint(to, size, dice);
  to.insert(to.end(), static_cast<size_t>(size), static_cast<uint8_t>('a' + dice.below(26)));
}

// As RecordBatchWriter does it, field by field.
Bytes record_with_lies(int64_t offset_delta, Dice& dice) {
  Bytes body;
  body.push_back(static_cast<uint8_t>(dice.one_in(8) ? dice.below(256) : 0));  // attributes
  put_varint(body, dice.below(1000) - 500, dice);
  put_varint(body, offset_delta, dice);
  put_bytes(body, true, dice);
  put_bytes(body, true, dice);
  const int64_t headers = dice.one_in(3) ? dice.below(4) : 0;
  put_varint(body, headers, dice);
  for (int64_t i = 0; i < headers; ++i) {
    put_bytes(body, false, dice);
    put_bytes(body, true, dice);
  }
  Bytes record;
  put_varint(record, static_cast<int64_t>(body.size()), dice);
  record.insert(record.end(), body.begin(), body.end());
  return record;
}

WrittenBatch batch_with_lies(Dice& dice) {
  WrittenBatch batch;
  RecordBatch& header = batch.header;
  const int64_t count = dice.one_in(8) ? 30 + dice.below(40) : dice.below(6);
  int64_t next_delta = dice.below(3);
  for (int64_t i = 0; i < count; ++i) {
    const Bytes record = record_with_lies(next_delta, dice);
    batch.bytes.insert(batch.bytes.end(), record.begin(), record.end());
    next_delta += 1 + (dice.one_in(4) ? dice.below(3) : 0);
  }
  header.base_offset = perhaps_a_lie(dice.below(1000), dice);
  const uint64_t last = static_cast<uint64_t>(header.base_offset) +
                        static_cast<uint64_t>(std::max<int64_t>(next_delta - 1, 0));
  header.last_offset = perhaps_a_lie(static_cast<int64_t>(last), dice);
  header.base_timestamp = perhaps_a_lie(dice.below(1000), dice);
  header.max_timestamp = perhaps_a_lie(header.base_timestamp, dice);
  header.record_count = static_cast<int32_t>(perhaps_a_lie(count, dice));
  header.attributes = static_cast<int16_t>(dice.one_in(4) ? dice.below(1 << 16) : 0);
  header.kind = static_cast<RecordBatchKind>(dice.one_in(16) ? dice.below(3) : 0);
  return batch;
}

// The header is taken from the bytes, the records section is the rest of them as it is.
WrittenBatch batch_of_bytes(Dice& dice) {
  WrittenBatch batch;
  batch.header.base_offset = perhaps_a_lie(dice.below(1000), dice);
  const auto span = static_cast<uint64_t>(dice.below(256));
  batch.header.last_offset =
      static_cast<int64_t>(static_cast<uint64_t>(batch.header.base_offset) + span);
  batch.header.record_count = static_cast<int32_t>(dice.below(256));
  batch.header.attributes = static_cast<int16_t>(dice.below(16));
  batch.header.kind = RecordBatchKind::kRecords;
  batch.bytes = dice.take_rest();
  return batch;
}

std::optional<std::string> bytes_at(const uint8_t* at, int32_t size) {
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(at), static_cast<size_t>(size));
}

void check_record(const Record& record, const PlainRecord& plain) {
  ASSERT_EQ(record.offset, plain.offset);
  ASSERT_EQ(record.timestamp, plain.timestamp);
  ASSERT_EQ(bytes_at(record.key, record.key_size), plain.key);
  ASSERT_EQ(bytes_at(record.value, record.value_size), plain.value);
}

// Decodes `batch` some records at a time.
void check(const RecordBatch& batch, const PlainRecords& expected, size_t capacity,
           const char** end) {
  RecordBatchDecoder decoder;
  const char* fault = decoder.open(batch);
  ASSERT_EQ(fault == nullptr, expected.good_header) << (fault == nullptr ? "good" : fault);
  ASSERT_EQ(fault, RecordBatchDecoder::check_header(batch));
  if (fault != nullptr) return;

  std::vector<Record> records(capacity);
  size_t decoded = 0;
  int64_t next_offset = batch.base_offset;
  do {
    const int32_t remaining = decoder.remaining();
    size_t count = capacity + 1;
    fault = decoder.decode(records.data(), capacity, &count);
    ASSERT_LE(count, capacity);
    ASSERT_EQ(decoder.remaining(), remaining - static_cast<int32_t>(count));
    ASSERT_LE(decoded + count, expected.records.size()) << "a record that is none";
    for (size_t i = 0; i < count; ++i) {
      const Record& record = records[i];
      check_record(record, expected.records[decoded++]);
      next_offset = record.offset + 1;
    }
    ASSERT_EQ(decoder.next_offset(), next_offset);
    ASSERT_TRUE(count == capacity || fault != nullptr || decoder.remaining() == 0);
  } while (fault == nullptr && decoder.remaining() > 0);
  ASSERT_EQ(decoded, expected.records.size());
  ASSERT_EQ(fault == nullptr, expected.good) << (fault == nullptr ? "no fault" : fault);
  *end = fault;
}

// The same section as it may come out of a compressed one, cut anywhere. It gives the same records
// and ends in the same fault; only what the size of the whole rules out is noticed later.
void check_in_windows(RecordBatch batch, const PlainRecords& expected, const char* end,
                      size_t capacity, Dice& dice) {
  batch.is_compressed = true;
  RecordBatchDecoder decoder;
  const char* fault = decoder.open(batch);
  if (fault != nullptr) {
    ASSERT_FALSE(expected.good_header) << fault;
    return;
  }
  std::vector<Record> records(capacity);
  std::unique_ptr<uint8_t[]> window;
  const int64_t longest = dice.one_in(2) ? 4 : 100;
  size_t decoded = 0, at = 0;
  while (fault == nullptr && !decoder.is_done()) {
    size_t count = capacity + 1;
    fault = decoder.decode(records.data(), capacity, &count);
    ASSERT_LE(count, capacity);
    for (size_t i = 0; i < count && expected.good_header; ++i) {
      ASSERT_LT(decoded, expected.records.size()) << "a record that is none";
      check_record(records[i], expected.records[decoded++]);
    }
    if (fault != nullptr || count > 0 || decoder.is_done()) continue;
    ASSERT_LT(at, batch.size) << "there are no more windows";
    const size_t begin = at - decoder.unread();
    ASSERT_GT(decoder.wanted(), at - begin);
    at += std::min(batch.size - at, static_cast<size_t>(1 + dice.below(longest)));
    // Exactly its size, on the heap, and the one before is gone.
    std::unique_ptr<uint8_t[]> next(new uint8_t[at - begin]);
    std::copy(batch.records + begin, batch.records + at, next.get());
    window = std::move(next);
    decoder.refill(window.get(), at - begin, at == batch.size);
  }
  if (!expected.good_header) {
    ASSERT_NE(fault, nullptr);
    return;
  }
  ASSERT_EQ(decoded, expected.records.size());
  ASSERT_EQ(fault, end) << (fault == nullptr ? "no fault" : fault);
}

}  // namespace

void fuzz_decoder(const uint8_t* bytes, size_t size) {
  Dice dice(bytes, size);
  const auto capacity = static_cast<size_t>(1 + dice.below(40));
  WrittenBatch written = dice.one_in(2) ? batch_of_bytes(dice) : batch_with_lies(dice);
  // Exactly its size, on the heap: a sanitizer sees the byte behind it.
  const size_t section_size = written.bytes.size();
  const std::unique_ptr<uint8_t[]> section(new uint8_t[section_size]);
  std::copy(written.bytes.begin(), written.bytes.end(), section.get());
  RecordBatch batch = written.header;
  batch.records = section_size == 0 ? nullptr : section.get();
  batch.size = section_size;

  const PlainRecords expected = decode_plainly(batch);
  const char* end = nullptr;
  check(batch, expected, capacity, &end);
  check(batch, expected, 1000, &end);
  if (::testing::Test::HasFailure()) return;
  check_in_windows(batch, expected, end, capacity, dice);
}

}  // namespace tidemark::testing
