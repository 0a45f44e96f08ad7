// A SegmentSource over folders of the test's own making, without the engine.
#include "segments/segment_source.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "log/record_batch_decoder.h"
#include "source/wake_up.h"
#include "test_support/log_folder.h"

namespace tidemark {
namespace {

using std::chrono::seconds;
using testing::bare_batch;
using testing::Bytes;
using testing::data_of;
using testing::kControl;
using testing::kTransactional;
using testing::LogFolder;
using testing::marker_of;
using testing::RecordBatchWriter;
using testing::records_from;
using testing::stored;
using testing::WrittenBatch;
using testing::operator+;

// Decodes what it is given, as the engine does.
class Collector final : public PartitionInput {
 public:
  explicit Collector(int64_t position) : position_(position) {}

  void push(const RecordBatch& batch, BatchOwner owner, size_t) override {
    RecordBatchDecoder decoder;
    ASSERT_EQ(decoder.open(batch), nullptr);
    while (decoder.remaining() > 0) {
      Record record;
      size_t count = 0;
      ASSERT_EQ(decoder.decode(&record, 1, &count), nullptr);
      if (record.offset >= position_) offsets.push_back(record.offset);
    }
    kinds.push_back(batch.kind);
    epochs.push_back(batch.leader_epoch);
    position_ = batch.last_offset + 1;
    (void)owner;
  }
  void reach(int64_t offset) override { reached = offset; }
  void fail(Status its_status) override { status = std::move(its_status); }
  int64_t position() const override { return position_; }

  std::vector<int64_t> offsets;
  std::vector<RecordBatchKind> kinds;
  std::vector<int32_t> epochs;
  std::optional<int64_t> reached;
  Status status;

 private:
  int64_t position_;
};

class Reader final : public SourceEvents {
 public:
  explicit Reader(const std::string& folder, Start start = {}, bool read_committed = true)
      : source_(folder) {
    Demand demand;
    demand.topics = {{"t", start}};
    demand.read_committed = read_committed;
    demand.budget = {1 << 20, true};
    demand.open_timeout = seconds(60);
    source_.open(demand, *this, bell_);
    std::vector<PartitionHandle> rung;
    while (!assigned && failure.ok()) {
      const Clock::time_point next = source_.serve(Clock::now());
      if (!assigned && failure.ok()) bell_.wait_until(next, &rung);
    }
  }
  ~Reader() { source_.close(seconds(30)); }

  const AssignedPartition& partition(size_t index = 0) { return assigned->at(index); }

  void share() { source_.share_budget(1 << 20, assigned->size()); }
  // Reads the only partition to its end, or to its fault.
  Collector read() {
    share();
    EXPECT_TRUE(source_.start({0, 1}, partition()).ok());
    Collector collector(partition().range.start_offset);
    const auto deadline = Clock::now() + seconds(60);
    std::vector<PartitionHandle> rung;
    while (!collector.reached && collector.status.ok() && Clock::now() < deadline) {
      bell_.wait_until(deadline, &rung);
      while (source_.take({0, 1}, 1 << 16, collector).has_more) {
      }
    }
    return collector;
  }

  std::optional<std::vector<AssignedPartition>> assigned;
  Status failure;

 private:
  void on_assigned(std::vector<AssignedPartition> partitions) override {
    assigned = std::move(partitions);
  }
  void on_revoked(const std::vector<PartitionHandle>&) override {}
  void on_partition_failed(PartitionHandle, Status) override {}
  void on_failed(Status status) override { failure = std::move(status); }
  void on_client_event(ClientEvent) override {}
  void on_log(LogLine) override {}
  void on_token_request() override {}

  WakeUp bell_;
  SegmentSource source_;
};

std::vector<int64_t> range(int64_t begin, int64_t end) {
  std::vector<int64_t> offsets;
  for (int64_t offset = begin; offset < end; ++offset)
    offsets.push_back(offset);
  return offsets;
}

Start at(int64_t time) { return {Start::Kind::kTime, time}; }

TEST(SegmentSourceTest, ReadsAllSegmentsInOrder) {
  LogFolder folder;
  folder.write("t-0", 30, stored(records_from(30, 5)));
  folder.write("t-0", 0, stored(records_from(0, 10)) + stored(records_from(10, 7)));
  folder.write("t-0", 17, stored(records_from(17, 13)));
  Reader reader(folder.path());
  ASSERT_TRUE(reader.failure.ok()) << reader.failure.message;
  EXPECT_EQ(reader.partition().range.start_offset, 0);
  EXPECT_EQ(reader.partition().range.end_offset, 35);
  const Collector read = reader.read();
  EXPECT_EQ(read.offsets, range(0, 35));
  EXPECT_EQ(read.reached, 35);
}

TEST(SegmentSourceTest, ReadsBatchesThatAreLargerThanAPiece) {
  LogFolder folder;
  folder.write("t-0", 0,
               stored(records_from(0, 1, std::string(3'000'000, 'x'))) +
                   stored(records_from(1, 900, std::string(1'000, 'y'))));
  EXPECT_EQ(Reader(folder.path()).read().offsets, range(0, 901));
}

TEST(SegmentSourceTest, PassesLeaderEpochsOn) {
  LogFolder folder;
  auto batch = records_from(0, 1);
  batch.header.leader_epoch = 7;
  folder.write("t-0", 0, stored(batch));
  EXPECT_EQ(Reader(folder.path()).read().epochs, std::vector<int32_t>{7});
}

TEST(SegmentSourceTest, TakesNoOtherFoldersAndFiles) {
  LogFolder folder;
  folder.write("t-2", 5, stored(records_from(5, 1)));
  folder.write("t-10", 0, {});
  for (const char* name : {"t-0.abc-delete", "t-0.abc-future", "t-0.abc-stray", "t", "t-", "t-x",
                           "t-01", "t--1", "t-99999999999", "t-x-3", "-4"}) {
    folder.write(name, 0, stored(records_from(0, 1)));
  }
  const std::string segment = folder.segment("t-2", 0);
  for (const char* suffix : {".deleted", ".cleaned", ".swap", ".index"})
    folder.write_file("t-2", segment + suffix, stored(records_from(0, 1)));
  folder.write_file("t-2", folder.path() + "/t-2/1.log", stored(records_from(1, 1)));
  folder.write_file("", folder.path() + "/t-5", {});
  std::filesystem::create_directories(folder.path() + "/t-6");
  Reader reader(folder.path());
  ASSERT_TRUE(reader.assigned) << reader.failure.message;
  ASSERT_EQ(reader.assigned->size(), 2u);
  EXPECT_EQ(reader.partition(0).id.partition, 2);
  EXPECT_EQ(reader.partition(0).range.start_offset, 5);
  EXPECT_EQ(reader.partition(1).id.partition, 10);
}

TEST(SegmentSourceTest, RefusesAFolderOrTopicThatIsNotThere) {
  LogFolder folder;
  folder.write("other-0", 0, {});
  EXPECT_EQ(Reader(folder.path() + "/none").failure.code, ErrorCode::kSegmentUnreadable);
  const Reader unknown(folder.path());
  EXPECT_EQ(unknown.failure.code, ErrorCode::kUnknownTopic);
  EXPECT_EQ(unknown.failure.topic, "t");
}

TEST(SegmentSourceTest, AnEmptySegmentSaysWhereTheLogEnds) {
  LogFolder folder;
  folder.write("t-0", 12, {});
  Reader reader(folder.path());
  EXPECT_EQ(reader.partition().range.start_offset, 12);
  EXPECT_EQ(reader.partition().range.end_offset, 12);
}

// --- the end ------------------------------------------------------------------------------------

TEST(SegmentSourceTest, ABatchThatWasNotWrittenToItsEndIsTheEnd) {
  const Bytes whole = stored(records_from(0, 3)), last = stored(records_from(3, 50));
  for (size_t cut = 1; cut < last.size(); cut += 7) {
    LogFolder folder;
    folder.write("t-0", 0, whole + Bytes(last.begin(), last.end() - static_cast<long>(cut)));
    Reader reader(folder.path());
    EXPECT_EQ(reader.partition().range.end_offset, 3);
    const Collector read = reader.read();
    EXPECT_EQ(read.offsets, range(0, 3));
    EXPECT_EQ(read.reached, 3) << read.status.message;
  }
}

TEST(SegmentSourceTest, ZerosAreTheEndAndOtherBytesAreNot) {
  const Bytes whole = stored(records_from(0, 3));
  LogFolder folder;
  folder.write("t-0", 0, whole + Bytes(3'000'000, 0));
  EXPECT_EQ(Reader(folder.path()).read().reached, 3);
  Bytes garbage(3'000'000, 0);
  garbage.back() = 1;
  folder.write("t-0", 0, whole + garbage);
  const Collector read = Reader(folder.path()).read();
  EXPECT_EQ(read.offsets, range(0, 3));
  EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
  EXPECT_EQ(read.status.offset, 3);
}

TEST(SegmentSourceTest, ZerosBehindASegmentThatIsNotTheLastAreAFault) {
  const Bytes whole = stored(records_from(0, 3));
  for (const size_t zeros : {size_t{1}, size_t{60}, size_t{61}, size_t{4'096}, size_t{3'000'000}}) {
    for (const Bytes& next :
         {stored(records_from(3, 3)), stored(records_from(6, 3)), Bytes{}, Bytes(size_t{500}, 0)}) {
      LogFolder folder;
      folder.write("t-0", 0, whole + Bytes(zeros, 0));
      folder.write("t-0", 6, next.empty() || next[0] == 0 ? next : stored(records_from(6, 3)));
      for (const bool read_committed : {false, true}) {
        const Collector read = Reader(folder.path(), {}, read_committed).read();
        EXPECT_EQ(read.offsets, range(0, 3));
        EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch) << read.status.message;
        EXPECT_EQ(read.status.offset, 3);
      }
    }
  }
}

TEST(SegmentSourceTest, ZerosWithDataBehindThemAreAFault) {
  for (const size_t zeros : {size_t{1}, size_t{60}, size_t{61}, size_t{4'096}, size_t{3'000'000}}) {
    LogFolder folder;
    folder.write("t-0", 0,
                 stored(records_from(0, 3)) + Bytes(zeros, 0) + stored(records_from(3, 3)));
    for (const bool read_committed : {false, true}) {
      const Collector read = Reader(folder.path(), {}, read_committed).read();
      EXPECT_EQ(read.offsets, range(0, 3)) << zeros;
      // Few of them may make a header with what follows.
      EXPECT_FALSE(read.status.ok()) << zeros;
      if (zeros > 60) {
        EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch) << read.status.message;
      }
      EXPECT_EQ(read.status.offset, 3) << zeros;
    }
  }
}

// They may have been in the place of the marker.
TEST(SegmentSourceTest, ZerosBehindAnOpenTransactionAreAFault) {
  LogFolder folder;
  folder.write("t-0", 0, stored(records_from(0, 2)) + data_of(1, 2, 2) + Bytes(500, 0));
  folder.write("t-0", 5, stored(records_from(5, 3)));
  const Collector read = Reader(folder.path()).read();
  EXPECT_EQ(read.offsets, range(0, 2));
  EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
  EXPECT_EQ(read.status.offset, 2);
}

// Without the look behind it, a length that runs past the end would hide all that follows.
TEST(SegmentSourceTest, ALengthThatLiesIsNotTheEnd) {
  for (const uint8_t high : {0x00, 0x01, 0x7f, 0x80}) {
    Bytes lying = stored(records_from(3, 3));
    lying[8] = high;
    lying[9] = 0xff;
    LogFolder folder;
    folder.write("t-0", 0, stored(records_from(0, 3)) + lying + stored(records_from(6, 3)));
    const Collector read = Reader(folder.path()).read();
    EXPECT_EQ(read.offsets, range(0, 3));
    EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
  }
}

TEST(SegmentSourceTest, WhatIsAppendedLaterIsNotRead) {
  LogFolder folder;
  const Bytes first = stored(records_from(0, 3));
  folder.write("t-0", 0, first);
  Reader reader(folder.path());
  // In place, as a broker does.
  std::ofstream(folder.segment("t-0", 0), std::ios::binary | std::ios::app)
      << std::string(500, 'x');
  EXPECT_EQ(reader.read().reached, 3);
}

// --- faults -------------------------------------------------------------------------------------

// A changed base offset or epoch is not covered by the checksum; of all else, no bit may be lost.
TEST(SegmentSourceTest, NoByteOfABatchCanChangeUnnoticed) {
  const Bytes first = stored(records_from(0, 3)), second = stored(records_from(3, 3));
  const Bytes third = stored(records_from(6, 3));
  for (size_t i = 16; i < second.size(); ++i) {
    Bytes flipped = second;
    flipped[i] ^= 0x10;
    LogFolder folder;
    folder.write("t-0", 0, first + flipped + third);
    const Collector read = Reader(folder.path()).read();
    EXPECT_EQ(read.offsets, range(0, 3)) << "byte " << i;
    EXPECT_FALSE(read.status.ok()) << "byte " << i;
  }
}

TEST(SegmentSourceTest, ATornBatchWithinTheLogIsAFault) {
  const Bytes second = stored(records_from(3, 3));
  LogFolder folder;
  folder.write("t-0", 0, stored(records_from(0, 3)) + Bytes(second.begin(), second.end() - 9));
  folder.write("t-0", 6, stored(records_from(6, 3)));
  const Collector read = Reader(folder.path()).read();
  EXPECT_EQ(read.offsets, range(0, 3));
  EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
}

// The first, one in the middle and the last of a segment; also where its length lies, or its end is
// not there: the rest of a header follows from its format.
TEST(SegmentSourceTest, OtherFormatsAreRefusedWhereTheyAreRead) {
  for (const int magic : {0, 1, 3, 4, 127, -128, -1}) {
    for (const int64_t at : {0, 3, 6}) {
      for (const bool read_committed : {false, true}) {
        Bytes bytes;
        for (int64_t offset = 0; offset < 9; offset += 3) {
          Bytes batch = stored(records_from(offset, 3));
          if (offset == at) batch[16] = static_cast<uint8_t>(magic);
          bytes = bytes + batch;
        }
        LogFolder folder;
        folder.write("t-0", 0, bytes);
        const Collector read = Reader(folder.path(), {}, read_committed).read();
        EXPECT_EQ(read.offsets, range(0, at));
        EXPECT_EQ(read.status.code, ErrorCode::kUnsupportedFormat) << magic << " at " << at;
        EXPECT_EQ(read.status.offset, at);
        EXPECT_EQ(read.status.topic, "t");
        const char* const says =
            magic == 0 || magic == 1 ? "message format v0 or v1" : "magic byte";
        EXPECT_NE(read.status.message.find(says), std::string::npos) << read.status.message;
        // Who starts past it does not meet it.
        Reader latest(folder.path(), {Start::Kind::kLatest, 0}, read_committed);
        if (at < 6) {
          EXPECT_EQ(latest.partition().range.start_offset, 9);
          EXPECT_EQ(latest.read().reached, 9);
        }
      }
    }
  }
}

// It is shorter than the header of a v2 batch: the last one would be taken for one that is torn.
TEST(SegmentSourceTest, AShortMessageOfAnOldFormatIsRefused) {
  for (const uint8_t magic : {0, 1}) {
    Bytes message;
    testing::put_be(message, int64_t{3});
    testing::put_be(message, int32_t{magic == 0 ? 14 : 22});
    testing::put_be(message, int32_t{0});  // its checksum
    message.push_back(magic);
    message.resize(magic == 0 ? 26 : 34, 0xff);
    for (const Bytes& behind : {Bytes{}, stored(records_from(4, 3))}) {
      for (const bool has_next : {false, true}) {
        for (const bool read_committed : {false, true}) {
          LogFolder folder;
          folder.write("t-0", 0, stored(records_from(0, 3)) + message + behind);
          if (has_next) folder.write("t-0", 7, stored(records_from(7, 3)));
          const Collector read = Reader(folder.path(), {}, read_committed).read();
          EXPECT_EQ(read.offsets, range(0, 3));
          EXPECT_EQ(read.status.code, ErrorCode::kUnsupportedFormat) << read.status.message;
          EXPECT_EQ(read.status.offset, 3);
        }
      }
    }
  }
}

TEST(SegmentSourceTest, AnUnknownFormatIsOneWhateverElseItsHeaderSays) {
  for (const auto& [byte, value] : std::vector<std::pair<size_t, uint8_t>>{
           {0, 0x80}, {8, 0x7f}, {8, 0x80}, {10, 0x70}, {23, 0x80}}) {
    for (const Bytes& behind : {Bytes{}, stored(records_from(6, 3))}) {
      Bytes odd = stored(records_from(3, 3));
      odd[16] = 9;
      odd[byte] = value;
      LogFolder folder;
      folder.write("t-0", 0, stored(records_from(0, 3)) + odd + behind);
      const Collector read = Reader(folder.path()).read();
      EXPECT_EQ(read.offsets, range(0, 3));
      EXPECT_EQ(read.status.code, ErrorCode::kUnsupportedFormat) << "byte " << byte;
      EXPECT_EQ(read.status.offset, 3);
    }
  }
}

TEST(SegmentSourceTest, AnUnknownCodecAndBytesThatDoNotInflateAreFaults) {
  for (int16_t codec = 1; codec <= 7; ++codec) {
    LogFolder folder;
    folder.write("t-0", 0, stored(records_from(0, 3), {codec, -1}));
    const Collector read = Reader(folder.path(), {}, false).read();
    EXPECT_EQ(read.status.code,
              codec <= 4 ? ErrorCode::kCorruptRecordBatch : ErrorCode::kUnsupportedFormat);
  }
}

TEST(SegmentSourceTest, AFileThatChangesWhileItIsReadIsAnError) {
  const auto change = [](const std::function<void(LogFolder&)>& how) {
    LogFolder folder;
    folder.write("t-0", 0, stored(records_from(0, 3)));
    folder.write("t-0", 3, stored(records_from(3, 3)));
    Reader reader(folder.path());
    how(folder);
    const Collector read = reader.read();
    EXPECT_EQ(read.status.code, ErrorCode::kSegmentChanged) << read.status.message;
    return read.offsets;
  };
  using std::filesystem::remove;
  using std::filesystem::resize_file;
  EXPECT_EQ(change([](LogFolder& folder) { remove(folder.segment("t-0", 3)); }), range(0, 3));
  EXPECT_EQ(change([](LogFolder& folder) { resize_file(folder.segment("t-0", 3), 70); }),
            range(0, 3));
  EXPECT_EQ(change([](LogFolder& folder) { resize_file(folder.segment("t-0", 0), 0); }),
            range(0, 0));
  EXPECT_EQ(change([](LogFolder& folder) {
              const std::string path = folder.segment("t-0", 3);
              std::filesystem::copy_file(path, path + ".cleaned");
              std::filesystem::rename(path + ".cleaned", path);
            }),
            range(0, 3));
}

// --- transactions -------------------------------------------------------------------------------

TEST(SegmentSourceTest, LeavesOutWhatWasAbortedOrIsOpen) {
  LogFolder folder;
  folder.write("t-0", 0, data_of(1, 0, 2) + data_of(2, 2, 2) + marker_of(1, 4, false));
  folder.write("t-0", 5,
               data_of(1, 5, 2) + marker_of(2, 7, true) + marker_of(1, 8, true) +
                   stored(records_from(9, 1)) + data_of(3, 10, 2) + stored(records_from(12, 1)));
  Reader committed(folder.path());
  EXPECT_EQ(committed.partition().range.end_offset, 10);
  const Collector read = committed.read();
  EXPECT_EQ(read.offsets, (std::vector<int64_t>{2, 3, 5, 6, 9}));
  EXPECT_EQ(read.kinds.front(), RecordBatchKind::kAborted);
  EXPECT_EQ(read.reached, 10);
  Reader all(folder.path(), {}, false);
  EXPECT_EQ(all.partition().range.end_offset, 13);
  EXPECT_EQ(all.read().offsets, (std::vector<int64_t>{0, 1, 2, 3, 5, 6, 9, 10, 11, 12}));
}

// A damaged marker would leave its transaction open, and hide what was committed behind it.
TEST(SegmentSourceTest, ADamagedMarkerIsAFaultAndNotAnOpenTransaction) {
  const Bytes marker = marker_of(1, 3, true);
  for (size_t i = 16; i < marker.size(); ++i) {
    for (const uint8_t bit : {0x10, 0x20, 0x01, 0x02}) {
      Bytes flipped = marker;
      flipped[i] ^= bit;
      LogFolder folder;
      folder.write("t-0", 0,
                   data_of(9, 0, 1) + marker_of(9, 1, true) + data_of(1, 2, 1) + flipped +
                       stored(records_from(4, 3)));
      const Collector read = Reader(folder.path()).read();
      EXPECT_EQ(read.offsets.front(), 0);
      EXPECT_FALSE(read.status.ok()) << "byte " << i;
    }
  }
}

// What the next marker of the same producer says is of the transaction behind it: taken for that of
// the one in front, it would let out what was aborted, or keep back what was committed.
TEST(SegmentSourceTest, ADamagedMarkerIsNotReplacedByTheNextOne) {
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
          testing::put_be(length, static_cast<int32_t>(marker.size() - 12));
          std::copy(length.begin(), length.end(), marker.begin() + 8);
        }
        const Bytes behind = data_of(1, 12, 1) + marker_of(1, 13, !commits);
        LogFolder folder;
        folder.write("t-0", 8,
                     stored(records_from(8, 2)) + data_of(1, 10, 1) + marker +
                         (has_next ? Bytes{} : behind));
        if (has_next) folder.write("t-0", 12, behind);
        const Collector read = Reader(folder.path()).read();
        EXPECT_EQ(read.offsets, range(8, 10)) << damage.what << commits << has_next;
        EXPECT_FALSE(read.status.ok()) << damage.what;
        const bool names_itself = read.status.code == ErrorCode::kUnsupportedFormat;
        EXPECT_EQ(read.status.offset, names_itself ? 11 : 10) << read.status.message;
        // Nothing in front of it is asked for.
        if (has_next) {
          Reader latest(folder.path(), {Start::Kind::kLatest, 0});
          EXPECT_EQ(latest.partition().range.start_offset, 14) << damage.what;
          EXPECT_EQ(latest.read().reached, 14) << damage.what;
          std::ofstream(folder.path() + "/log-start-offset-checkpoint") << "0\n1\nt 0 12\n";
          Reader behind_it(folder.path());
          EXPECT_EQ(behind_it.read().reached, 14) << damage.what;
        }
      }
    }
  }
}

// Of another producer, and behind the fault: the marker cannot be found.
TEST(SegmentSourceTest, AMarkerBehindAFaultIsNotReplacedByTheNextOne) {
  for (const bool commits : {false, true}) {
    Bytes lying = data_of(2, 11, 1);
    lying[11] ^= 0x40;
    LogFolder folder;
    folder.write(
        "t-0", 8,
        stored(records_from(8, 2)) + data_of(1, 10, 1) + lying + marker_of(1, 12, commits));
    folder.write("t-0", 13, data_of(1, 13, 1) + marker_of(1, 14, !commits));
    const Collector read = Reader(folder.path()).read();
    EXPECT_EQ(read.offsets, range(8, 10));
    EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch) << read.status.message;
    EXPECT_EQ(read.status.offset, 10);
  }
}

// Its checksum is right: librdkafka, too, takes it for a fault.
TEST(SegmentSourceTest, AMarkerThatDoesNotParseIsAFault) {
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
        const Collector read = Reader(folder.path(), {}, read_committed).read();
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

TEST(SegmentSourceTest, AMarkerOfAnotherKindAndAnEmptyOneArePassedOver) {
  const auto other = RecordBatchWriter(1, 1).add({1, 1, std::string("\0\1\0\5 ", 5), "x", {}});
  WrittenBatch empty = bare_batch(RecordBatchKind::kControl, 2, 2);
  LogFolder folder;
  folder.write("t-0", 0,
               stored(records_from(0, 1)) +
                   stored(RecordBatchWriter(other).finish(), {kTransactional | kControl, 1}) +
                   stored(empty, {kTransactional | kControl, 1}) + stored(records_from(3, 1)));
  for (const bool read_committed : {true, false}) {
    const Collector read = Reader(folder.path(), {}, read_committed).read();
    EXPECT_EQ(read.offsets, (std::vector<int64_t>{0, 3}));
    EXPECT_EQ(read.reached, 4) << read.status.message;
  }
}

// Compaction keeps the last batch of a producer without its records, and takes its marker away: the
// transaction would be open for ever, and hide all that follows.
TEST(SegmentSourceTest, ABatchThatCompactionHasEmptiedOpensNoTransaction) {
  LogFolder folder;
  folder.write("t-0", 0,
               stored(bare_batch(RecordBatchKind::kRecords, 0, 4), {kTransactional, 1}) +
                   stored(records_from(6, 3)));
  const Collector read = Reader(folder.path()).read();
  EXPECT_EQ(read.offsets, range(6, 9));
  EXPECT_EQ(read.reached, 9);
}

// --- offsets that lie ---------------------------------------------------------------------------

// No checksum covers a base offset.
TEST(SegmentSourceTest, ABaseOffsetThatLiesHidesNothing) {
  const auto lying = [](int64_t truth, int64_t lie) {
    Bytes batch = stored(records_from(truth, 3)), offset;
    testing::put_be(offset, lie);
    std::copy(offset.begin(), offset.end(), batch.begin());
    return batch;
  };
  const auto status_of = [](const Bytes& first, const Bytes& second, const Bytes& third) {
    std::vector<ErrorCode> codes;
    for (const bool read_committed : {true, false}) {
      LogFolder folder;
      folder.write("t-0", 100, first + second);
      folder.write("t-0", 106, third);
      codes.push_back(Reader(folder.path(), {}, read_committed).read().status.code);
    }
    EXPECT_EQ(codes[0], codes[1]);
    return codes[0];
  };
  const Bytes first = stored(records_from(100, 3)), second = stored(records_from(103, 3));
  const Bytes third = stored(records_from(106, 3)) + stored(records_from(109, 3));
  EXPECT_EQ(status_of(first, second, third), ErrorCode::kOk);
  // In front of the start, where it would be taken for what the start has left out.
  EXPECT_EQ(status_of(lying(100, 0), second, third), ErrorCode::kOffsetStepBack);
  EXPECT_EQ(status_of(first, lying(103, 0), third), ErrorCode::kOffsetStepBack);
  // Behind the end, where it would be taken for what came after the stream was opened.
  EXPECT_EQ(status_of(lying(100, 5'000), second, third), ErrorCode::kOffsetStepBack);
  EXPECT_EQ(status_of(first, lying(103, 5'000), third), ErrorCode::kOffsetStepBack);
  EXPECT_EQ(status_of(first, second, lying(106, 5'000) + stored(records_from(109, 3))),
            ErrorCode::kOffsetStepBack);
}

// --- starts -------------------------------------------------------------------------------------

TEST(SegmentSourceTest, StartsWhereItIsAskedTo) {
  LogFolder folder;
  folder.write("t-0", 4, stored(records_from(4, 6)) + stored(records_from(10, 10)));
  folder.write("t-0", 20, stored(records_from(20, 10)));
  const auto start = [&folder](Start from) {
    Reader reader(folder.path(), from);
    EXPECT_EQ(reader.partition().range.end_offset, 30);
    const int64_t offset = reader.partition().range.start_offset;
    if (offset < 30) {
      EXPECT_EQ(reader.read().offsets, range(offset, 30));
    }
    return offset;
  };
  EXPECT_EQ(start({Start::Kind::kEarliest, 0}), 4);
  EXPECT_EQ(start({Start::Kind::kLatest, 0}), 30);
  EXPECT_EQ(start(at(0)), 4);
  EXPECT_EQ(start(at(13)), 13);
  EXPECT_EQ(start(at(29)), 29);
  EXPECT_EQ(start(at(30)), 30);
  // What DeleteRecords has taken away is still in the files.
  std::ofstream(folder.path() + "/log-start-offset-checkpoint") << "0\n2\nother 0 99\nt 0 12\n";
  EXPECT_EQ(start({Start::Kind::kEarliest, 0}), 12);
  EXPECT_EQ(start(at(0)), 12);
}

// What it hides may be the record that the start is asked at: the next segment does not have it.
TEST(SegmentSourceTest, AStartByTimeDoesNotPassOverAFault) {
  const Bytes truth = stored(records_from(103, 3));
  for (const size_t damaged : {size_t{7}, size_t{9}, size_t{11}}) {  // base offset, length
    Bytes lying = truth;
    lying[damaged] ^= 0x40;
    for (const bool read_committed : {false, true}) {
      for (const int64_t time : {104, 106, 108, 109, 111}) {
        LogFolder folder;
        folder.write("t-0", 100,
                     stored(records_from(100, 3)) + lying + stored(records_from(106, 3)));
        folder.write("t-0", 109, stored(records_from(109, 3)));
        const Collector read = Reader(folder.path(), at(time), read_committed).read();
        EXPECT_EQ(read.offsets, range(0, 0)) << damaged << " " << time;
        EXPECT_FALSE(read.status.ok()) << damaged << " " << time;
        EXPECT_EQ(read.status.offset, 103) << read.status.message;
        const Collector from_front = Reader(folder.path(), at(101), read_committed).read();
        EXPECT_EQ(from_front.offsets, range(101, 103));
        EXPECT_EQ(from_front.status.offset, 103) << from_front.status.message;
        Reader latest(folder.path(), {Start::Kind::kLatest, 0}, read_committed);
        EXPECT_EQ(latest.read().reached, 112);
        // Where the log begins behind it, it is not met.
        std::ofstream(folder.path() + "/log-start-offset-checkpoint") << "0\n1\nt 0 109\n";
        EXPECT_EQ(Reader(folder.path(), at(time), read_committed).read().offsets,
                  range(std::max<int64_t>(time, 109), 112));
      }
    }
  }
}

// The offsets in front of it are all there: it hides nothing.
TEST(SegmentSourceTest, AStartByTimePassesOverZerosThatHideNothing) {
  LogFolder folder;
  folder.write("t-0", 0, stored(records_from(0, 3)) + Bytes(500, 0));
  folder.write("t-0", 3, stored(records_from(3, 3)));
  EXPECT_EQ(Reader(folder.path(), at(4)).read().offsets, range(4, 6));
}

}  // namespace
}  // namespace tidemark
