// What of transactions is read, and markers that are damaged.
#include "segments/transactions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "test_support/log_folder.h"
#include "test_support/record_batch_writer.h"
#include "test_support/segment_stream.h"

namespace tidemark::testing {
namespace {

TEST(TransactionsTest, LeavesOutWhatWasAbortedOrIsOpen) {
  LogFolder folder;
  folder.write("t-0", 0, data_of(1, 0, 2) + data_of(2, 2, 2) + marker_of(1, 4, false));
  folder.write("t-0", 5,
               data_of(1, 5, 2) + marker_of(2, 7, true) + marker_of(1, 8, true) +
                   stored(records_from(9, 1)) + data_of(3, 10, 2) + stored(records_from(12, 1)));
  SegmentStream committed(folder.path());
  EXPECT_EQ(committed.partition().range.end_offset, 10);
  const Collector read = committed.read();
  EXPECT_EQ(read.offsets, (std::vector<int64_t>{2, 3, 5, 6, 9}));
  EXPECT_EQ(read.kinds.front(), RecordBatchKind::kAborted);
  EXPECT_EQ(read.reached, 10);
  SegmentStream all(folder.path(), {}, false);
  EXPECT_EQ(all.partition().range.end_offset, 13);
  EXPECT_EQ(all.read().offsets, (std::vector<int64_t>{0, 1, 2, 3, 5, 6, 9, 10, 11, 12}));
}

// A damaged marker would leave its transaction open, and hide what was committed behind it.
TEST(TransactionsTest, ADamagedMarkerIsAFaultAndNotAnOpenTransaction) {
  const Bytes marker = marker_of(1, 3, true);
  for (size_t i = 16; i < marker.size(); ++i) {
    for (const uint8_t bit : {0x10, 0x20, 0x01, 0x02}) {
      Bytes flipped = marker;
      flipped[i] ^= bit;
      LogFolder folder;
      folder.write("t-0", 0,
                   data_of(9, 0, 1) + marker_of(9, 1, true) + data_of(1, 2, 1) + flipped +
                       stored(records_from(4, 3)));
      const Collector read = SegmentStream(folder.path()).read();
      EXPECT_EQ(read.offsets.front(), 0);
      EXPECT_FALSE(read.status.ok()) << "byte " << i;
    }
  }
}

// What the next marker of the same producer says is of the transaction behind it: taken for that of
// the one in front, it would let out what was aborted, or keep back what was committed.
TEST(TransactionsTest, ADamagedMarkerIsNotReplacedByTheNextOne) {
  struct Damage {
    const char* what;
    std::function<void(Bytes&)> apply;
  };
  const auto flip = [](size_t at, int bit) {
    return [at, bit](Bytes& bytes) { bytes[at] ^= static_cast<uint8_t>(bit); };
  };
  const std::vector<Damage> damages = {
      {"a byte of its body", flip(70, 1)},
      {"its producer", flip(50, 2)},
      {"that it is a marker", flip(22, 0x20)},
      {"that it is of a transaction", flip(22, 0x10)},
      {"both", flip(22, 0x30)},
      {"its format", flip(16, 3)},
      {"its base offset", flip(0, 0x80)},
      {"its length", flip(11, 0x80)},
      {"its place", [](Bytes& bytes) { bytes.assign(bytes.size(), 0); }},
      // The next header would be looked for at the end of the file.
      {"its size", [](Bytes& bytes) { bytes.resize(100'000'100); }},
  };
  for (const Damage& damage : damages) {
    for (const bool commits : {false, true}) {
      for (const bool has_next : {false, true}) {
        const bool is_large = std::string(damage.what) == "its size";
        if (is_large && commits) continue;  // once is enough of so many bytes
        Bytes marker = marker_of(1, 11, commits);
        damage.apply(marker);
        if (is_large) {
          Bytes length;
          put_be(length, static_cast<int32_t>(marker.size() - 12));
          std::copy(length.begin(), length.end(), marker.begin() + 8);
        }
        const Bytes behind = data_of(1, 12, 1) + marker_of(1, 13, !commits);
        LogFolder folder;
        folder.write("t-0", 8,
                     stored(records_from(8, 2)) + data_of(1, 10, 1) + marker +
                         (has_next ? Bytes{} : behind));
        if (has_next) folder.write("t-0", 12, behind);
        const Collector read = SegmentStream(folder.path()).read();
        EXPECT_EQ(read.offsets, range(8, 10)) << damage.what << commits << has_next;
        EXPECT_FALSE(read.status.ok()) << damage.what;
        const bool names_itself = read.status.code == ErrorCode::kUnsupportedFormat;
        EXPECT_EQ(read.status.offset, names_itself ? 11 : 10) << read.status.message;
        // Nothing in front of it is asked for.
        if (has_next) {
          SegmentStream latest(folder.path(), {Start::Kind::kLatest, 0});
          EXPECT_EQ(latest.partition().range.start_offset, 14) << damage.what;
          EXPECT_EQ(latest.read().reached, 14) << damage.what;
          std::ofstream(folder.path() + "/log-start-offset-checkpoint") << "0\n1\nt 0 12\n";
          SegmentStream behind_it(folder.path());
          EXPECT_EQ(behind_it.read().reached, 14) << damage.what;
        }
      }
    }
  }
}

// Of another producer, and behind the fault: the marker cannot be found.
TEST(TransactionsTest, AMarkerBehindAFaultIsNotReplacedByTheNextOne) {
  for (const bool commits : {false, true}) {
    Bytes lying = data_of(2, 11, 1);
    lying[11] ^= 0x40;
    LogFolder folder;
    folder.write(
        "t-0", 8,
        stored(records_from(8, 2)) + data_of(1, 10, 1) + lying + marker_of(1, 12, commits));
    folder.write("t-0", 13, data_of(1, 13, 1) + marker_of(1, 14, !commits));
    const Collector read = SegmentStream(folder.path()).read();
    EXPECT_EQ(read.offsets, range(8, 10));
    EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch) << read.status.message;
    EXPECT_EQ(read.status.offset, 10);
  }
}

// Its checksum is right: librdkafka, too, takes it for a fault.
TEST(TransactionsTest, AMarkerThatDoesNotParseIsAFault) {
  const auto control = [](const std::function<void(WrittenBatch&)>& change, int16_t codec = 0) {
    WrittenBatch batch =
        RecordBatchWriter(3, 3).add({3, 3, std::string("\0\0\0\1", 4), "value", {}}).finish();
    change(batch);
    return stored(batch, {static_cast<int16_t>(kTransactional | kControl | codec), 1});
  };
  const auto with_key = [&](const std::optional<std::string>& key) {
    return control([&](WrittenBatch& batch) {
      batch = RecordBatchWriter(3, 3).add({3, 3, key, "value", {}}).finish();
    });
  };
  const std::vector<Bytes> markers = {
      control([](auto& batch) { batch.bytes = {'g', 'a', 'r', 'b', 'a', 'g', 'e'}; }),
      control([](auto& batch) { batch.bytes.clear(); }),
      control([](auto& batch) { batch.bytes.pop_back(); }),
      control([](auto& batch) { batch.bytes.push_back(0); }),
      control([](auto& batch) { batch.header.record_count = 2; }),
      control([](auto& batch) { batch.header.record_count = -1; }),
      control([](auto&) {}, 3),  // lz4 that is none
      with_key(std::nullopt),
      with_key(""),
      with_key(std::string("\0\0\1", 3)),
  };
  for (size_t i = 0; i < markers.size(); ++i) {
    for (const bool read_committed : {true, false}) {
      for (const bool is_last : {true, false}) {
        LogFolder folder;
        folder.write("t-0", 0,
                     stored(records_from(0, 2)) + data_of(1, 2, 1) + markers[i] +
                         (is_last ? Bytes{} : stored(records_from(4, 3))));
        const Collector read = SegmentStream(folder.path(), {}, read_committed).read();
        // The data in front of it was committed, or it was not.
        const int64_t offset = read_committed ? 2 : 3;
        EXPECT_EQ(read.offsets, range(0, offset)) << "marker " << i;
        EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch) << "marker " << i;
        EXPECT_EQ(read.status.topic, "t");
        EXPECT_EQ(read.status.partition, 0);
        EXPECT_EQ(read.status.offset, offset) << read.status.message;
      }
    }
  }
}

TEST(TransactionsTest, AMarkerOfAnotherKindAndAnEmptyOneArePassedOver) {
  const auto other = RecordBatchWriter(1, 1).add({1, 1, std::string("\0\1\0\5 ", 5), "x", {}});
  WrittenBatch empty = bare_batch(RecordBatchKind::kControl, 2, 2);
  LogFolder folder;
  folder.write("t-0", 0,
               stored(records_from(0, 1)) +
                   stored(RecordBatchWriter(other).finish(), {kTransactional | kControl, 1}) +
                   stored(empty, {kTransactional | kControl, 1}) + stored(records_from(3, 1)));
  for (const bool read_committed : {true, false}) {
    const Collector read = SegmentStream(folder.path(), {}, read_committed).read();
    EXPECT_EQ(read.offsets, (std::vector<int64_t>{0, 3}));
    EXPECT_EQ(read.reached, 4) << read.status.message;
  }
}

// Compaction keeps the last batch of a producer without its records, and takes its marker away: the
// transaction would be open for ever, and hide all that follows.
TEST(TransactionsTest, ABatchThatCompactionHasEmptiedOpensNoTransaction) {
  LogFolder folder;
  folder.write("t-0", 0,
               stored(bare_batch(RecordBatchKind::kRecords, 0, 4), {kTransactional, 1}) +
                   stored(records_from(6, 3)));
  const Collector read = SegmentStream(folder.path()).read();
  EXPECT_EQ(read.offsets, range(6, 9));
  EXPECT_EQ(read.reached, 9);
}

}  // namespace
}  // namespace tidemark::testing
