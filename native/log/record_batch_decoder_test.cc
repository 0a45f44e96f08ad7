#include "log/record_batch_decoder.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>

#include "test_support/dice.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {
namespace {

struct Decoded {
  std::vector<Record> records;
  std::string fault;  // empty: none
  int64_t next_offset = 0;
};

// Decodes `chunk` records a call, as the merge does.
Decoded decode(const RecordBatch& batch, size_t chunk = 64) {
  Decoded decoded;
  RecordBatchDecoder decoder;
  const char* fault = decoder.open(batch);
  std::vector<Record> out(chunk);
  while (fault == nullptr && decoder.remaining() > 0) {
    size_t count;
    fault = decoder.decode(out.data(), chunk, &count);
    decoded.records.insert(decoded.records.end(), out.begin(),
                           out.begin() + static_cast<std::ptrdiff_t>(count));
  }
  if (fault != nullptr) decoded.fault = fault;
  decoded.next_offset = decoder.next_offset();
  return decoded;
}

// The section of a batch in windows, as it may come out of a compressed one: of `sizes`, again and
// again, behind what was unread.
class Windows {
 public:
  Windows(const Bytes& section, std::vector<size_t> sizes)
      : section_(section), sizes_(std::move(sizes)) {}

  void refill(RecordBatchDecoder& decoder) {
    const size_t begin = at_ - decoder.unread();
    at_ = std::min(section_.size(), at_ + sizes_[count_++ % sizes_.size()]);
    // A block of its exact size: the address sanitizer sees a byte read too far, and a record that
    // points into the window before.
    const auto end = section_.begin() + static_cast<std::ptrdiff_t>(at_);
    window_ = std::make_unique<Bytes>(section_.begin() + static_cast<std::ptrdiff_t>(begin), end);
    window_->shrink_to_fit();
    decoder.refill(window_->data(), window_->size(), at_ == section_.size());
  }

 private:
  const Bytes& section_;
  const std::vector<size_t> sizes_;
  std::unique_ptr<Bytes> window_;
  size_t at_ = 0;
  size_t count_ = 0;
};

// What is compared of it: the records' memory is gone.
struct Read {
  std::vector<std::string> records;
  std::string fault;
  int64_t next_offset = 0;

  bool operator==(const Read& other) const {
    return records == other.records && fault == other.fault && next_offset == other.next_offset;
  }
};

std::string text_of(const Record& record) {
  const auto bytes = [](const uint8_t* at, int32_t size) {
    return size < 0 ? "null" : "'" + std::string(at, at + size) + "'";
  };
  return std::to_string(record.offset) + " at " + std::to_string(record.timestamp) + " " +
         bytes(record.key, record.key_size) + " " + bytes(record.value, record.value_size);
}

Read read_in_windows(const WrittenBatch& written, std::vector<size_t> sizes) {
  RecordBatch batch = written.batch();
  batch.is_compressed = true;
  Windows windows(written.bytes, std::move(sizes));
  RecordBatchDecoder decoder;
  Read read;
  const char* fault = decoder.open(batch);
  while (fault == nullptr && !decoder.is_done()) {
    Record out[3];
    size_t count;
    fault = decoder.decode(out, std::size(out), &count);
    for (size_t i = 0; i < count; ++i)
      read.records.push_back(text_of(out[i]));
    if (fault == nullptr && count == 0) windows.refill(decoder);
  }
  if (fault != nullptr) read.fault = fault;
  read.next_offset = decoder.next_offset();
  return read;
}

Read read_whole(const WrittenBatch& written) {
  Read read;
  const Decoded decoded = decode(written.batch());
  for (const Record& record : decoded.records)
    read.records.push_back(text_of(record));
  read.fault = decoded.fault;
  read.next_offset = decoded.next_offset;
  return read;
}

std::optional<std::string> bytes_of(const uint8_t* bytes, int32_t size) {
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

// A batch of one record whose body is given byte by byte.
WrittenBatch raw_record(const Bytes& body) {
  WrittenBatch batch = RecordBatchWriter(100, 0).finish();
  batch.header.record_count = 1;
  write_varint(batch.bytes, static_cast<int64_t>(body.size()));
  batch.bytes.insert(batch.bytes.end(), body.begin(), body.end());
  return batch;
}

TEST(RecordBatchDecoder, TellsNullFromEmpty) {
  const WrittenBatch batch = RecordBatchWriter(7, 1000)
                                 .add({7, 1000, std::nullopt, std::nullopt, {}})
                                 .add({8, 1001, "", "", {}})
                                 .add({9, 999, "key", std::string(300, 'v'), {}})
                                 .finish();
  for (const size_t chunk : {1, 2, 3, 64}) {
    const Decoded decoded = decode(batch.batch(), chunk);
    ASSERT_EQ(decoded.fault, "");
    ASSERT_EQ(decoded.records.size(), 3u);
    const auto& [null, empty, full] =
        std::tie(decoded.records[0], decoded.records[1], decoded.records[2]);
    EXPECT_EQ(bytes_of(null.key, null.key_size), std::nullopt);
    EXPECT_EQ(bytes_of(null.value, null.value_size), std::nullopt);
    EXPECT_EQ(bytes_of(empty.key, empty.key_size), "");
    EXPECT_EQ(bytes_of(empty.value, empty.value_size), "");
    EXPECT_EQ(bytes_of(full.key, full.key_size), "key");
    EXPECT_EQ(bytes_of(full.value, full.value_size), std::string(300, 'v'));
    EXPECT_EQ(null.offset, 7);
    EXPECT_EQ(full.offset, 9);
    EXPECT_EQ(null.timestamp, 1000);
    EXPECT_EQ(full.timestamp, 999);
    EXPECT_EQ(decoded.next_offset, 10);
  }
}

TEST(RecordBatchDecoder, WalksHeaders) {
  const WrittenBatch batch = RecordBatchWriter(0, 0)
                                 .add({0, 5, "k", "v", {{"a", "1"}, {"", std::nullopt}, {"b", ""}}})
                                 .add({1, 6, "l", "w", {}})
                                 .finish();
  const Decoded decoded = decode(batch.batch());
  ASSERT_EQ(decoded.fault, "");
  EXPECT_EQ(bytes_of(decoded.records[1].value, decoded.records[1].value_size), "w");
}

TEST(RecordBatchDecoder, LogAppendTimeStandsForAllRecords) {
  const WrittenBatch batch = RecordBatchWriter(0, 100)
                                 .add({0, 100, "k", "v", {}})
                                 .add({1, 150, "k", "v", {}})
                                 .log_append_time(7000)
                                 .finish();
  const Decoded decoded = decode(batch.batch());
  EXPECT_EQ(decoded.records[0].timestamp, 7000);
  EXPECT_EQ(decoded.records[1].timestamp, 7000);
}

// With attribute bit 6 the base timestamp is a wall-clock time far behind the records': it is the
// origin of the deltas and nothing else.
TEST(RecordBatchDecoder, DeleteHorizonIsOnlyTheOriginOfDeltas) {
  WrittenBatch batch =
      RecordBatchWriter(0, 1'800'000'000'000).add({0, 1000, "k", std::nullopt, {}}).finish();
  batch.header.attributes = 1 << 6;
  batch.header.max_timestamp = 1000;
  EXPECT_EQ(decode(batch.batch()).records[0].timestamp, 1000);
}

TEST(RecordBatchDecoder, TimestampsWrapAndMayBeMissing) {
  constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
  constexpr int64_t kSmallest = std::numeric_limits<int64_t>::min();
  for (const int64_t base : {int64_t{0}, int64_t{-1}, kLargest, kSmallest}) {
    for (const int64_t timestamp : {kNoTimestamp, kLargest, kSmallest, int64_t{5}}) {
      const WrittenBatch batch =
          RecordBatchWriter(0, base).add({0, timestamp, "k", "v", {}}).finish();
      EXPECT_EQ(decode(batch.batch()).records.at(0).timestamp, timestamp);
    }
  }
}

TEST(RecordBatchDecoder, CompactionLeavesHoles) {
  const WrittenBatch batch = RecordBatchWriter(10, 0)
                                 .add({13, 0, "k", "v", {}})
                                 .add({17, 0, "k", "v", {}})
                                 .last_offset(20)
                                 .finish();
  const Decoded decoded = decode(batch.batch());
  ASSERT_EQ(decoded.fault, "");
  EXPECT_EQ(decoded.records[0].offset, 13);
  EXPECT_EQ(decoded.records[1].offset, 17);
  EXPECT_EQ(decoded.next_offset, 18);
}

TEST(RecordBatchDecoder, EmptyAndBareBatchesHaveNoRecords) {
  for (const auto kind :
       {RecordBatchKind::kRecords, RecordBatchKind::kControl, RecordBatchKind::kAborted}) {
    const Decoded decoded = decode(bare_batch(kind, 5, 9).batch());
    EXPECT_EQ(decoded.fault, "");
    EXPECT_TRUE(decoded.records.empty());
    EXPECT_EQ(decoded.next_offset, 5);
  }
}

TEST(RecordBatchDecoder, RefusesHeadersThatCannotBe) {
  const WrittenBatch good =
      RecordBatchWriter(10, 0).add({10, 0, "k", "v", {}}).add({11, 0, "k", "v", {}}).finish();
  const auto fault_of = [&good](auto change) {
    RecordBatch batch = good.batch();
    change(batch);
    return decode(batch).fault;
  };
  EXPECT_EQ(fault_of([](RecordBatch&) {}), "");
  EXPECT_NE(fault_of([](RecordBatch& b) { b.last_offset = 9; }), "");
  EXPECT_NE(fault_of([](RecordBatch& b) { b.base_offset = -1; }), "");
  EXPECT_NE(fault_of([](RecordBatch& b) { b.last_offset = b.base_offset + (1LL << 31); }), "");
  EXPECT_NE(fault_of([](RecordBatch& b) { b.record_count = -1; }), "");
  EXPECT_NE(fault_of([](RecordBatch& b) { b.record_count = 3; }), "") << "more than its offsets";
  EXPECT_NE(fault_of([](RecordBatch& b) { b.last_offset = 99, b.record_count = 3; }), "")
      << "more than its bytes";
  EXPECT_NE(fault_of([](RecordBatch& b) { b.record_count = 1; }), "") << "bytes left over";
  EXPECT_NE(fault_of([](RecordBatch& b) { b.record_count = 0; }), "") << "bytes left over";
  EXPECT_NE(fault_of([](RecordBatch& b) { b.records = nullptr; }), "");
}

TEST(RecordBatchDecoder, TellsTheGoodRecordsBeforeAFault) {
  WrittenBatch batch = RecordBatchWriter(10, 0)
                           .add({10, 0, "k", "v", {}})
                           .add({12, 0, "k", "v", {}})
                           .add({14, 0, "k", "v", {}})
                           .finish();
  batch.bytes.back() = 1;  // the last record claims a header
  const Decoded decoded = decode(batch.batch());
  EXPECT_NE(decoded.fault, "");
  EXPECT_EQ(decoded.records.size(), 2u);
  EXPECT_EQ(decoded.next_offset, 13);
}

TEST(RecordBatchDecoder, RefusesOffsetsThatDoNotIncrease) {
  for (const int64_t second : {12, 11, 21}) {  // again, a step back, past the batch's last offset
    const WrittenBatch batch = RecordBatchWriter(10, 0)
                                   .add({12, 0, "k", "v", {}})
                                   .add({second, 0, "k", "v", {}})
                                   .last_offset(20)
                                   .finish();
    EXPECT_NE(decode(batch.batch()).fault, "") << second;
  }
  const WrittenBatch below = RecordBatchWriter(10, 0).add({9, 0, "k", "v", {}}).finish();
  EXPECT_NE(decode(below.batch()).fault, "");
}

TEST(RecordBatchDecoder, RefusesRecordsThatDoNotAddUp) {
  const Bytes good = {0, 0, 0, 2, 'k', 2, 'v', 0};  // attributes, deltas, key, value, no header
  EXPECT_EQ(decode(raw_record(good).batch()).fault, "");
  const std::vector<Bytes> bad = {
      {0, 0, 0, 0x03, 0, 0, 0, 0},            // key size -2
      {0, 0, 0, 2, 'k', 0x03, 0, 0},          // value size -2
      {0, 0, 0, 0x40, 'k', 2, 'v', 0},        // key past the record
      {0, 0, 0, 2, 'k', 0x40, 'v', 0},        // value past the record
      {0, 0, 0, 2, 'k', 2, 'v', 1},           // header count -1
      {0, 0, 0, 2, 'k', 2, 'v', 2, 1, 0},     // header key size -1
      {0, 0, 0, 2, 'k', 2, 'v', 2, 0, 0x03},  // header value size -2
      {0, 0, 0, 2, 'k', 2, 'v', 0, 0},        // a byte left over in the record
      {0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0, 0, 0},  // varint
  };
  for (size_t i = 0; i < bad.size(); ++i) {
    EXPECT_NE(decode(raw_record(bad[i]).batch()).fault, "") << i;
  }
  EXPECT_NE(decode(raw_record({}).batch()).fault, "") << "no byte at all";
}

// The bytes are copied to a block of their exact size, so that the address sanitizer sees a
// single byte read too far.
Decoded decode_exactly(RecordBatch batch) {
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[batch.size]);
  std::copy(batch.records, batch.records + batch.size, exact.get());
  batch.records = exact.get();
  Decoded decoded = decode(batch, 8);
  for (const Record& record : decoded.records) {
    const uint8_t* const end = exact.get() + batch.size;
    EXPECT_GE(record.key, exact.get());
    EXPECT_LE(record.key + std::max(record.key_size, 0), end);
    EXPECT_LE(record.value + std::max(record.value_size, 0), end);
  }
  return decoded;
}

WrittenBatch some_batch(Dice& dice) {
  RecordBatchWriter writer(1000, 1'700'000'000'000);
  const int64_t count = 1 + dice.below(12);
  for (int64_t i = 0; i < count; ++i) {
    WrittenRecord record{
        1000 + 2 * i, 1'700'000'000'000 + dice.below(100'000) - 50'000, "", "", {}};
    record.key = std::string(static_cast<size_t>(dice.below(20)), 'k');
    record.value = std::string(static_cast<size_t>(dice.below(200)), 'v');
    if (dice.one_in(3)) record.headers = {{"name", "value"}, {"", std::nullopt}};
    writer.add(record);
  }
  return writer.finish();
}

TEST(RecordBatchDecoder, RefusesWhatIsTruncatedAnywhere) {
  Dice dice(1);
  const WrittenBatch written = some_batch(dice);
  for (size_t size = 0; size < written.bytes.size(); ++size) {
    RecordBatch batch = written.batch();
    batch.size = size;
    EXPECT_NE(decode_exactly(batch).fault, "") << size;
  }
  EXPECT_EQ(decode_exactly(written.batch()).fault, "");
}

TEST(RecordBatchDecoder, WindowsOfAnySizeGiveTheSameRecords) {
  Dice dice(3);
  for (int i = 0; i < 50; ++i) {
    const WrittenBatch written = some_batch(dice);
    const Read whole = read_whole(written);
    ASSERT_EQ(whole.fault, "");
    for (size_t size = 1; size <= written.bytes.size() + 1; ++size) {
      ASSERT_EQ(read_in_windows(written, {size}), whole) << size;
      ASSERT_EQ(read_in_windows(written, {size, written.bytes.size()}), whole) << size;
    }
  }
}

TEST(RecordBatchDecoder, WindowsOfAnySizeEndInTheSameFault) {
  Dice dice(4);
  int faults = 0;
  for (int i = 0; i < 20'000; ++i) {
    WrittenBatch written = some_batch(dice);
    for (int64_t flips = dice.below(4); flips > 0; --flips) {
      const int64_t at = dice.below(static_cast<int64_t>(written.bytes.size()));
      written.bytes[static_cast<size_t>(at)] = static_cast<uint8_t>(dice());
    }
    if (dice.one_in(4)) written.bytes.resize(1 + written.bytes.size() / 2);
    if (dice.one_in(4)) written.bytes.push_back(0);
    // A count that the whole section's size rules out is noticed at once there.
    if (RecordBatchDecoder::check_header(written.batch()) != nullptr) continue;
    const Read whole = read_whole(written);
    faults += !whole.fault.empty();
    std::vector<size_t> sizes;
    for (int64_t count = 1 + dice.below(5); count > 0; --count)
      sizes.push_back(static_cast<size_t>(1 + dice.below(dice.one_in(2) ? 4 : 300)));
    ASSERT_EQ(read_in_windows(written, sizes), whole) << whole.fault;
  }
  EXPECT_GT(faults, 1'000);
}

// The count of a compressed batch is not held against its size, so that its bytes may run out.
TEST(RecordBatchDecoder, ACompressedSectionMayEndBeforeItsLastRecord) {
  WrittenBatch written =
      RecordBatchWriter(10, 0).add({10, 0, "k", "v", {}}).last_offset(1'000).finish();
  written.header.record_count = 900;
  EXPECT_EQ(read_whole(written).fault, "its record count is larger than its bytes allow");
  const Read read = read_in_windows(written, {5});
  EXPECT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.fault, "the length of a record runs past the end of the record batch");
  EXPECT_EQ(read.next_offset, 11);

  RecordBatch batch = written.batch();
  batch.is_compressed = true;
  batch.record_count = 992;
  EXPECT_STREQ(RecordBatchDecoder::check_header(batch),
               "its record count is larger than its offsets allow");
  batch.record_count = 1;
  batch.size = 0;
  EXPECT_STREQ(RecordBatchDecoder::check_header(batch),
               "its record count is larger than its bytes allow");
  batch = written.batch();
  batch.is_compressed = true;
  batch.record_count = 0;
  EXPECT_STREQ(RecordBatchDecoder::check_header(batch),
               "bytes are left over behind the last record");
}

// What is wrong whatever follows must not make it ask for all that follows.
TEST(RecordBatchDecoder, WaitsForTheRestOfARecordAndForNoneOfAFault) {
  const WrittenBatch written =
      RecordBatchWriter(0, 0).add({0, 0, "key", std::string(500, 'v'), {}}).finish();
  const auto decode_front_of = [&written](const Bytes& window, size_t* wanted) {
    RecordBatch batch = written.batch();
    batch.is_compressed = true;
    RecordBatchDecoder decoder;
    EXPECT_EQ(decoder.open(batch), nullptr);
    decoder.refill(window.data(), window.size(), false);
    Record out;
    size_t count;
    const char* const fault = decoder.decode(&out, 1, &count);
    EXPECT_EQ(count, 0u);
    EXPECT_EQ(decoder.unread(), window.size());
    *wanted = decoder.wanted();
    return std::string(fault == nullptr ? "" : fault);
  };
  const Bytes& all = written.bytes;
  size_t wanted;
  EXPECT_EQ(decode_front_of({all[0]}, &wanted), "");
  EXPECT_EQ(wanted, 2u) << "the length has two bytes, and the second is not there";
  EXPECT_EQ(decode_front_of({all[0], all[1]}, &wanted), "");
  EXPECT_EQ(wanted, all.size());
  const std::string fault = "the length of a record runs past the end of the record batch";
  EXPECT_EQ(decode_front_of({1}, &wanted), fault) << "-1";
  EXPECT_EQ(decode_front_of(Bytes(9, 0xff), &wanted), "");
  EXPECT_EQ(decode_front_of(Bytes(10, 0xff), &wanted), fault) << "no 64 bits have as many";
}

TEST(RecordBatchDecoder, NeverReadsOutOfBoundsWhateverTheBytes) {
  Dice dice(2);
  for (int i = 0; i < 100'000; ++i) {
    WrittenBatch written = some_batch(dice);
    if (dice.one_in(3)) {
      for (uint8_t& byte : written.bytes)
        byte = static_cast<uint8_t>(dice());
    } else {
      for (int64_t flips = 1 + dice.below(4); flips > 0; --flips) {
        const int64_t at = dice.below(static_cast<int64_t>(written.bytes.size()));
        written.bytes[static_cast<size_t>(at)] = static_cast<uint8_t>(dice());
      }
    }
    if (dice.one_in(4)) written.header.record_count += static_cast<int32_t>(dice.below(5)) - 2;
    const Decoded decoded = decode_exactly(written.batch());
    int64_t last = written.header.base_offset - 1;
    for (const Record& record : decoded.records) {
      ASSERT_GT(record.offset, last);
      last = record.offset;
    }
    ASSERT_LE(last, written.header.last_offset);
  }
}

}  // namespace
}  // namespace tidemark::testing
