#include "capture/capture.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "log/inflate.h"
#include "log/stored_batch.h"
#include "test_support/bad_disk.h"
#include "test_support/compressed_batch.h"
#include "test_support/plain_segment.h"
#include "test_support/record_batch_writer.h"
#include "test_support/temp_folder.h"

namespace tidemark::testing {
namespace {

using std::chrono::milliseconds;
using Names = std::vector<std::string>;

const TopicPartition kId{"t", 3, 0};

WrittenBatch one_record(int64_t offset, size_t bytes = 10) {
  return RecordBatchWriter(offset, 100)
      .add({offset, 100, std::nullopt, std::string(bytes, 'v'), {}})
      .finish();
}

class CaptureTest : public ::testing::Test {
 protected:
  CaptureTest() {
    options_.dir = (temp_ / "a" / "b").string();
    options_.segment_bytes = 1 << 20;
    options_.segment_age = milliseconds(60'000);
  }

  Capture& capture() {
    if (!capture_) capture_.emplace(options_, disk_);
    return *capture_;
  }
  void open(int64_t offset = 0, GapPolicy gap_policy = GapPolicy::kError) {
    ASSERT_TRUE(capture().open().ok());
    ASSERT_TRUE(capture().start(0, kId, {offset, offset}, gap_policy).ok());
  }
  Status write(const WrittenBatch& batch) { return capture().write(0, batch.batch(), now_); }
  void write_all(int64_t from, int64_t to) {
    for (int64_t offset = from; offset < to; ++offset)
      ASSERT_TRUE(write(one_record(offset)).ok());
  }
  Names names() { return names_in(options_.dir + "/t-3"); }
  std::vector<int64_t> captured_offsets() {
    std::vector<int64_t> offsets;
    for (const PlainBatch& batch : captured_batches(options_.dir + "/t-3")) {
      EXPECT_EQ(batch.crc, batch.computed_crc);
      offsets.push_back(batch.base_offset);
    }
    return offsets;
  }
  int64_t size_of_one() {
    return static_cast<int64_t>(kStoredHeaderBytes + one_record(0).bytes.size());
  }

  TempFolder temp_;
  BadDisk disk_;
  CaptureOptions options_;
  std::optional<Capture> capture_;
  Clock::time_point now_ = Clock::now();
};

TEST_F(CaptureTest, NamesAFolderByItsPartitionAndASegmentByWhereItBegins) {
  open(12);
  write_all(12, 15);
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(names(), Names{"00000000000000000012.log"});
  EXPECT_EQ(captured_offsets(), (std::vector<int64_t>{12, 13, 14}));
}

TEST_F(CaptureTest, EndsASegmentBeforeItIsLargerThanItMayBe) {
  options_.segment_bytes = 3 * size_of_one();
  open();
  write_all(0, 7);
  EXPECT_EQ(names(), (Names{"00000000000000000000.log", "00000000000000000003.log",
                            "00000000000000000006.log.part"}));
  ASSERT_TRUE(write(one_record(7, 10'000)).ok()) << "larger than a segment: one of its own";
  ASSERT_TRUE(write(one_record(8)).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(names(), (Names{"00000000000000000000.log", "00000000000000000003.log",
                            "00000000000000000006.log", "00000000000000000007.log",
                            "00000000000000000008.log"}));
  EXPECT_EQ(captured_offsets(), (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(CaptureTest, EndsASegmentWhoseOffsetsAreTooFarApartForKafka) {
  open(0, GapPolicy::kCount);
  ASSERT_TRUE(write(one_record(0)).ok());
  ASSERT_TRUE(write(one_record(0x7fffffff)).ok());
  ASSERT_TRUE(write(one_record(0x80000000)).ok());
  EXPECT_EQ(names(), (Names{"00000000000000000000.log", "00000000002147483648.log.part"}));
}

TEST_F(CaptureTest, BeginsWithTheFirstRecordOfAStartByTime) {
  ReplayRange range{0, 100};
  range.start_time = 1'000;
  ASSERT_TRUE(capture().open().ok());
  ASSERT_TRUE(capture().start(0, kId, range, GapPolicy::kError).ok());
  const auto batch_of = [](int64_t base, const std::vector<int64_t>& times) {
    RecordBatchWriter writer(base, 0);
    for (size_t i = 0; i < times.size(); ++i)
      writer.add({base + static_cast<int64_t>(i), times[i], "k", "v", {}});
    return writer.finish();
  };
  Dice dice(1);
  ASSERT_TRUE(write(batch_of(0, {1, 2})).ok());
  ASSERT_TRUE(write(bare_batch(RecordBatchKind::kControl, 2, 2)).ok());
  ASSERT_TRUE(write(compress(batch_of(3, {3, 4, 1'000, 5}), dice)).ok());
  ASSERT_TRUE(write(batch_of(7, {6})).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(captured_offsets(), (std::vector<int64_t>{5, 7}));
  EXPECT_EQ(names(), Names{"00000000000000000005.log"});
}

TEST_F(CaptureTest, EndsASegmentThatIsOldEnough) {
  open();
  write_all(0, 2);
  EXPECT_EQ(capture().next_due(), now_ + options_.segment_age);
  now_ += options_.segment_age - milliseconds(1);
  ASSERT_TRUE(capture().serve(now_).ok());
  EXPECT_EQ(names(), Names{"00000000000000000000.log.part"});
  now_ += milliseconds(1);
  ASSERT_TRUE(capture().serve(now_).ok());
  EXPECT_EQ(names(), Names{"00000000000000000000.log"});
  EXPECT_EQ(capture().next_due(), Clock::time_point::max());
}

TEST_F(CaptureTest, RemovesTheOldestSegmentsAboveItsBytes) {
  options_.segment_bytes = 2 * size_of_one();
  options_.max_bytes = 5 * size_of_one();
  open();
  write_all(0, 9);
  EXPECT_EQ(names(), (Names{"00000000000000000004.log", "00000000000000000006.log",
                            "00000000000000000008.log.part"}));
}

TEST_F(CaptureTest, EndsTheOldestSegmentWhereThoseThatAreOpenAreTooMuch) {
  options_.max_bytes = 3 * size_of_one();
  open();
  for (uint32_t lane = 1; lane < 4; ++lane) {
    const TopicPartition id{"other", static_cast<int32_t>(lane), 1};
    ASSERT_TRUE(capture().start(lane, id, {0, 0}, GapPolicy::kError).ok());
  }
  for (uint32_t lane = 0; lane < 4; ++lane) {
    now_ += milliseconds(1);
    ASSERT_TRUE(capture().write(lane, one_record(0).batch(), now_).ok());
  }
  EXPECT_EQ(names(), Names{}) << "the oldest was completed and removed";
  EXPECT_EQ(names_in(options_.dir + "/other-1"), Names{"00000000000000000000.log.part"});
}

TEST_F(CaptureTest, RemovesSegmentsThatWereCompletedLongAgo) {
  options_.segment_bytes = size_of_one();
  options_.max_age = milliseconds(1000);
  open();
  write_all(0, 2);  // the first one is complete
  now_ += milliseconds(400);
  write_all(2, 3);  // and the second
  EXPECT_EQ(capture().next_due(), now_ + milliseconds(600));
  ASSERT_TRUE(capture().serve(now_ + milliseconds(599)).ok());
  EXPECT_EQ(names().size(), 3u);
  ASSERT_TRUE(capture().serve(now_ + milliseconds(600)).ok());
  EXPECT_EQ(names(), (Names{"00000000000000000001.log", "00000000000000000002.log.part"}));
}

TEST_F(CaptureTest, BearsThatSomebodyTookASegmentAway) {
  options_.segment_bytes = size_of_one();
  options_.max_bytes = 2 * size_of_one();
  open();
  write_all(0, 2);
  std::filesystem::remove(options_.dir + "/t-3/00000000000000000000.log");
  write_all(2, 4);
  EXPECT_EQ(names(), (Names{"00000000000000000002.log", "00000000000000000003.log.part"}));
}

TEST_F(CaptureTest, TakesAFolderThatIsEmptyAndNoOther) {
  std::filesystem::create_directories(options_.dir);
  ASSERT_TRUE(capture().open().ok());
  ASSERT_TRUE(capture().start(0, kId, {0, 0}, GapPolicy::kError).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  const Status status = Capture(options_, disk_).open();
  EXPECT_EQ(status.code, ErrorCode::kCaptureInUse);
  EXPECT_NE(status.message.find("is not empty"), std::string::npos) << status.message;
}

TEST_F(CaptureTest, KeepsOthersOutOfItsFolderUntilItIsFinished) {
  ASSERT_TRUE(capture().open().ok());
  const Status status = Capture(options_, disk_).open();
  EXPECT_EQ(status.code, ErrorCode::kCaptureInUse);
  EXPECT_NE(status.message.find("another capture"), std::string::npos) << status.message;
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_TRUE(Capture(options_, disk_).open().ok()) << "nothing is in it";
}

// As some network file systems are.
TEST_F(CaptureTest, NoticesAnotherOneInItsFolderWhereThereAreNoLocks) {
  disk_.fail(BadDisk::Call::kLock, ENOLCK);
  Capture other(options_, disk_);
  ASSERT_TRUE(other.open().ok());
  ASSERT_TRUE(capture().open().ok()) << "nothing was there yet";
  ASSERT_TRUE(other.start(0, kId, {0, 0}, GapPolicy::kError).ok());
  EXPECT_EQ(capture().start(0, kId, {0, 0}, GapPolicy::kError).code, ErrorCode::kCaptureInUse);
}

TEST_F(CaptureTest, RefusesATopicWhoseNameLeavesTheFolder) {
  ASSERT_TRUE(capture().open().ok());
  for (const std::string& name : {std::string("../t"), std::string(), std::string("a\0b", 3)}) {
    EXPECT_EQ(capture().start(0, {name, 0, 0}, {0, 0}, GapPolicy::kError).code,
              ErrorCode::kCapture);
  }
}

// The fetch brought the batch that the offset lies in.
TEST_F(CaptureTest, LeavesOutWhatIsBelowTheStart) {
  open(101);
  ASSERT_TRUE(write(records_from(100, 3)).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  const auto batches = captured_batches(options_.dir + "/t-3");
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_EQ(batches[0].record_count, 2);
  EXPECT_EQ(batches[0].base_offset, 101);
  EXPECT_EQ(batches[0].last_offset(), 102);
  EXPECT_EQ(names(), Names{"00000000000000000101.log"});
}

TEST_F(CaptureTest, EndsAPartitionWhereTheStreamEndsIt) {
  WrittenBatch corrupt = one_record(1);
  corrupt.header.last_offset = 0;
  for (const WrittenBatch& fault : {one_record(0), one_record(2), corrupt}) {
    TempFolder temp;
    options_.dir = (temp / "c").string();
    capture_.emplace(options_, disk_);
    open();
    ASSERT_TRUE(write(one_record(0)).ok());
    ASSERT_TRUE(write(fault).ok());
    ASSERT_TRUE(write(one_record(fault.header.last_offset + 1)).ok());
    ASSERT_TRUE(capture().finish(now_).ok());
    EXPECT_EQ(captured_offsets(), std::vector<int64_t>{0});
  }
}

TEST_F(CaptureTest, LeavesTheGapsOfACompactedTopic) {
  open(0, GapPolicy::kCount);
  ASSERT_TRUE(write(one_record(5)).ok());
  ASSERT_TRUE(write(one_record(9)).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(captured_offsets(), (std::vector<int64_t>{5, 9}));
  EXPECT_EQ(names(), Names{"00000000000000000000.log"}) << "with the gap before it";
}

TEST_F(CaptureTest, BeginsASegmentBehindAGapThatIsTooWideForKafka) {
  open(0, GapPolicy::kCount);
  ASSERT_TRUE(write(one_record(0x80000000)).ok());
  EXPECT_EQ(names(), Names{"00000000002147483648.log.part"});
}

TEST_F(CaptureTest, GoesOnWithAPartitionThatComesAgain) {
  open();
  write_all(0, 3);
  ASSERT_TRUE(capture().stop(0, now_).ok());
  EXPECT_EQ(names(), Names{"00000000000000000000.log"});
  ASSERT_TRUE(capture().start(7, kId, {1, 1}, GapPolicy::kError).ok())
      << "its commit lagged behind";
  for (int64_t offset = 1; offset < 5; ++offset)
    ASSERT_TRUE(capture().write(7, one_record(offset).batch(), now_).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(captured_offsets(), (std::vector<int64_t>{0, 1, 2, 3, 4}));
}

// The log was written anew meanwhile, by a mirror for example, and its batches begin elsewhere. A
// segment that overlapped the one before was refused by its reader.
TEST_F(CaptureTest, OfAPartitionThatComesAgainInOtherBatchesHasEachOffsetOnce) {
  open();
  ASSERT_TRUE(write(records_from(0, 5)).ok());
  ASSERT_TRUE(capture().stop(0, now_).ok());
  ASSERT_TRUE(capture().start(0, kId, {1, 1}, GapPolicy::kError).ok());
  ASSERT_TRUE(write(records_from(0, 3)).ok());
  ASSERT_TRUE(write(records_from(3, 4)).ok());
  ASSERT_TRUE(capture().stop(0, now_).ok());
  ASSERT_TRUE(capture().start(0, kId, {2, 2}, GapPolicy::kError).ok());
  ASSERT_TRUE(write(bare_batch(RecordBatchKind::kControl, 2, 8)).ok());
  ASSERT_TRUE(write(records_from(9, 2)).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(names(), (Names{"00000000000000000000.log", "00000000000000000005.log",
                            "00000000000000000007.log"}));
  std::vector<std::pair<int64_t, int64_t>> offsets;
  for (const PlainBatch& batch : captured_batches(options_.dir + "/t-3")) {
    EXPECT_EQ(batch.crc, batch.computed_crc);
    offsets.emplace_back(batch.base_offset, batch.last_offset());
  }
  EXPECT_EQ(offsets, (std::vector<std::pair<int64_t, int64_t>>{{0, 4}, {5, 6}, {7, 8}, {9, 10}}));
}

// What was written before stays, and is completed.
// What lies below the start can only be taken out of records that are inflated.
TEST_F(CaptureTest, LeavesOutWhatIsBelowTheStartOfABatchThatIsCompressed) {
  RecordBatchWriter writer(10, 100);
  for (int64_t offset = 10; offset < 14; ++offset)
    writer.add({offset, 100, std::nullopt, std::string("value"), {}});
  const WrittenBatch plain = writer.finish();
  Dice dice(1);
  const WrittenBatch compressed = compress(plain, kLz4Codec, kOneBlock, dice);
  open(12);
  ASSERT_TRUE(write(compressed).ok());
  ASSERT_TRUE(write(compress(one_record(14), kZstdCodec, kOneBlock, dice)).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  const std::vector<PlainBatch> batches = captured_batches(options_.dir + "/t-3");
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(batches[0].base_offset, 12);
  EXPECT_EQ(batches[0].record_count, 2);
  EXPECT_EQ(batches[0].attributes, 0) << "inflated";
  EXPECT_EQ(batches[1].attributes, kZstdCodec) << "as it was";
}

TEST_F(CaptureTest, OfACompressedBatchThatIsDamagedHasNothing) {
  Dice dice(1);
  WrittenBatch damaged = compress(one_record(10), kGzipCodec, kOneBlock, dice);
  damaged.header.base_offset = 9;
  damaged.bytes.resize(damaged.bytes.size() - 6);
  open(10);
  ASSERT_TRUE(write(damaged).ok());
  ASSERT_TRUE(write(one_record(11)).ok());
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(names(), Names{});
}

TEST_F(CaptureTest, OfAFullDiskHasTheRecordBatchesBeforeIt) {
  open();
  disk_.fail(BadDisk::Call::kAppend, ENOSPC, 3);
  write_all(0, 3);
  const Status status = write(one_record(3));
  EXPECT_EQ(status.code, ErrorCode::kCapture);
  EXPECT_NE(status.message.find("No space left on device"), std::string::npos) << status.message;
  EXPECT_NE(status.message.find("capture.maxBytes"), std::string::npos) << status.message;
  EXPECT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(captured_offsets(), (std::vector<int64_t>{0, 1, 2}));
}

TEST_F(CaptureTest, SaysOfEveryFaultWhatToDo) {
  using Call = BadDisk::Call;
  const std::vector<std::pair<Call, int>> faults = {
      {Call::kMakeFolder, EACCES}, {Call::kMakeFolder, EROFS}, {Call::kCreate, EMFILE},
      {Call::kCreate, ENOENT},     {Call::kAppend, EIO},       {Call::kSync, EIO},
      {Call::kRename, EDQUOT},
  };
  for (const auto& [call, fault] : faults) {
    TempFolder temp;
    BadDisk disk;
    options_.dir = (temp / "c").string();
    Capture capture(options_, disk);
    disk.fail(call, fault, call == Call::kSync ? 2 : 0);  // the first are of folders
    Status status = capture.open();
    if (status.ok()) status = capture.start(0, kId, {0, 0}, GapPolicy::kError);
    if (status.ok()) status = capture.write(0, one_record(0).batch(), now_);
    if (status.ok()) status = capture.finish(now_);
    EXPECT_EQ(status.code, ErrorCode::kCapture);
    EXPECT_EQ(status.system_error, fault);
    EXPECT_NE(status.message.find(std::generic_category().message(fault)), std::string::npos);
    EXPECT_NE(status.message.find("): "), std::string::npos) << status.message;
    if (call == Call::kSync || call == Call::kRename) {
      EXPECT_EQ(names(), Names{"00000000000000000000.log.part"});
    }
  }
}

TEST_F(CaptureTest, CompletesTheOtherSegmentsWhereOneCannotBe) {
  open();
  ASSERT_TRUE(capture().start(1, {"u", 0, 1}, {0, 0}, GapPolicy::kError).ok());
  ASSERT_TRUE(write(one_record(0)).ok());
  now_ += milliseconds(1);
  ASSERT_TRUE(capture().write(1, one_record(0).batch(), now_).ok());
  std::filesystem::remove(options_.dir + "/t-3/00000000000000000000.log.part");
  EXPECT_EQ(capture().finish(now_).code, ErrorCode::kCapture);
  EXPECT_EQ(names_in(options_.dir + "/u-0"), Names{"00000000000000000000.log"});
}

// No seam: a limit of the operating system, with a write that is cut short.
TEST_F(CaptureTest, BearsTheLimitOfAFilesSize) {
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  open();
  write_all(0, 2);
  rlimit limit = before;
  limit.rlim_cur = static_cast<rlim_t>(5 * size_of_one() / 2);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status status = write(one_record(2));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(status.message.find("ulimit -f"), std::string::npos) << status.message;
  ASSERT_TRUE(capture().finish(now_).ok());
  EXPECT_EQ(captured_offsets(), (std::vector<int64_t>{0, 1}));
}

// It was captured, and its replay ended there. BatchReaderTest has what a replay takes.
TEST_F(CaptureTest, ABatchThatIsTooLargeForAReplayIsRefused) {
  open();
  const WrittenBatch largest = one_large_record(0, kMostInflatedBytes);
  ASSERT_TRUE(write(largest).ok());
  RecordBatch larger = largest.batch();
  larger.base_offset = larger.last_offset = 1;
  ++larger.size;
  const Status status = capture().write(0, larger, now_);
  EXPECT_EQ(status.code, ErrorCode::kCapture);
  EXPECT_NE(status.message.find("100000001 bytes"), std::string::npos) << status.message;
}

// The stream reads it, where its limit is higher than a replay's: nobody would hear of it before
// the replay. Where it is not, the stream ends at it as a replay does.
TEST_F(CaptureTest, ABatchThatInflatesToMoreThanAReplayTakesIsRefusedWhereTheStreamTakesIt) {
  Dice dice(1);
  const WrittenBatch larger =
      compress(one_large_record(0, kMostInflatedBytes + 1), kZstdCodec, kOneBlock, dice);
  open();
  ASSERT_TRUE(write(larger).ok());
  ASSERT_TRUE(capture().stop(0, now_).ok());
  constexpr size_t kHigher = 2 * kMostInflatedBytes;
  ASSERT_TRUE(capture().start(0, kId, {1, 1}, GapPolicy::kError, kHigher).ok());
  ASSERT_TRUE(
      write(compress(one_large_record(1, kMostInflatedBytes), kZstdCodec, kOneBlock, dice)).ok());
  const WrittenBatch refused =
      compress(one_large_record(2, kMostInflatedBytes + 1), kZstdCodec, kOneBlock, dice);
  const Status status = write(refused);
  EXPECT_EQ(status.code, ErrorCode::kCapture);
  EXPECT_NE(status.message.find("100000001 bytes"), std::string::npos) << status.message;
}

}  // namespace
}  // namespace tidemark::testing
