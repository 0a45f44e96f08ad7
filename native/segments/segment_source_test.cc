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
using testing::Bytes;
using testing::data_of;
using testing::LogFolder;
using testing::marker_of;
using testing::records_from;
using testing::stored;
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

TEST(SegmentSourceTest, OldFormatsAreRefusedWhereTheyAreRead) {
  Bytes old = stored(records_from(3, 3));
  old[16] = 1;
  LogFolder folder;
  folder.write("t-0", 0, stored(records_from(0, 3)) + old + stored(records_from(6, 3)));
  const Collector read = Reader(folder.path()).read();
  EXPECT_EQ(read.offsets, range(0, 3));
  EXPECT_EQ(read.status.code, ErrorCode::kUnsupportedFormat);
  EXPECT_EQ(read.status.offset, 3);
  EXPECT_EQ(Reader(folder.path(), {Start::Kind::kLatest, 0}).partition().range.start_offset, 9);
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
    for (const uint8_t bit : {0x10, 0x20, 0x01}) {
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

}  // namespace
}  // namespace tidemark
