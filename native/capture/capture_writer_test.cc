#include "capture/capture_writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "capture/capture_tap.h"
#include "test_support/bad_disk.h"
#include "test_support/plain_segment.h"
#include "test_support/record_batch_writer.h"
#include "test_support/temp_folder.h"

namespace tidemark::testing {
namespace {

using Names = std::vector<std::string>;
using State = CaptureWriter::State;

const TopicPartition kId{"t", 0, 0};

// Memory of one record batch, which counts how many of its kind there are.
struct Memory {
  Memory(std::atomic<int>* count, WrittenBatch what) : alive(count), batch(std::move(what)) {
    ++*alive;
  }
  ~Memory() { --*alive; }

  std::atomic<int>* alive;
  WrittenBatch batch;
};

// The engine's side of a tap: keeps what it is given, or lets go of it at once.
class Input final : public PartitionInput {
 public:
  void push(const RecordBatch& batch, BatchOwner owner, size_t) override {
    offsets.push_back(batch.base_offset);
    if (keeps) owners.push_back(std::move(owner));
  }
  void reach(int64_t offset) override { reached = offset; }
  void fail(Status status) override { fault = std::move(status); }
  int64_t position() const override { return reached; }

  bool keeps = false;
  std::vector<int64_t> offsets;
  std::vector<BatchOwner> owners;
  int64_t reached = -1;
  Status fault;
};

class CaptureWriterTest : public ::testing::Test {
 protected:
  CaptureWriterTest() {
    options_.dir = (temp_ / "c").string();
    options_.segment_bytes = 1 << 20;
    options_.segment_age = std::chrono::hours(1);
    options_.max_queued_bytes = 100'000;
  }
  ~CaptureWriterTest() override {
    disk_->go_on();
    if (writer_) writer_->close(soon());
  }

  static Clock::time_point soon() { return Clock::now() + std::chrono::seconds(60); }

  void open() {
    start();
    await([this] { return writer_->state() == State::kOpen; });
    writer_->start(0, kId, {0, 0}, GapPolicy::kError);
  }
  void start() {
    writer_.emplace(options_, disk_, [this] {
      std::lock_guard<std::mutex> lock(mutex_);
      ++changes_;
      changed_.notify_all();
    });
  }
  template <typename Condition>
  void await(Condition condition) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      const int seen = changes_;
      lock.unlock();
      if (condition()) return;
      lock.lock();
      const auto has_changed = [&] { return changes_ != seen; };
      ASSERT_TRUE(changed_.wait_until(lock, soon(), has_changed));
    }
  }
  // Of the offset, through a tap, as from a fetch of that many bytes.
  void fetch(int64_t offset, size_t bytes = 1000) {
    auto* const memory = new Memory(
        &alive_, RecordBatchWriter(offset, 5).add({offset, 5, std::nullopt, "v", {}}).finish());
    CaptureTap tap(*writer_, 0, input_);
    tap.push(memory->batch.batch(),
             BatchOwner(memory, [](void* held) { delete static_cast<Memory*>(held); }), bytes);
  }
  std::vector<int64_t> captured() {
    std::vector<int64_t> offsets;
    if (!std::filesystem::exists(options_.dir + "/t-0")) return offsets;
    for (const PlainBatch& batch : captured_batches(options_.dir + "/t-0"))
      offsets.push_back(batch.base_offset);
    return offsets;
  }

  TempFolder temp_;
  std::shared_ptr<BadDisk> disk_ = std::make_shared<BadDisk>();
  CaptureOptions options_;
  Input input_;
  std::atomic<int> alive_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  int changes_ = 0;
  std::optional<CaptureWriter> writer_;
};

TEST_F(CaptureWriterTest, WritesWhatIsFetchedAndCompletesItWhenItIsClosed) {
  open();
  for (int64_t offset = 0; offset < 50; ++offset)
    fetch(offset);
  EXPECT_TRUE(writer_->close(soon()).ok());
  EXPECT_EQ(captured().size(), 50u);
  EXPECT_EQ(input_.offsets.size(), 50u);
  EXPECT_EQ(alive_, 0);
}

TEST_F(CaptureWriterTest, SharesTheMemoryWithTheStream) {
  open();
  disk_->stand_still();
  fetch(0);
  EXPECT_EQ(alive_, 1) << "the stream has let go of it, the capture has not";
  input_.keeps = true;
  fetch(1);
  disk_->go_on();
  EXPECT_TRUE(writer_->close(soon()).ok());
  EXPECT_EQ(alive_, 1) << "the capture has let go of it, the stream has not";
  input_.owners.clear();
  EXPECT_EQ(alive_, 0);
}

TEST_F(CaptureWriterTest, WritesWhatCameWithoutAnOwner) {
  open();
  const WrittenBatch batch = RecordBatchWriter(0, 5).add({0, 5, std::nullopt, "v", {}}).finish();
  {
    CaptureTap tap(*writer_, 0, input_);
    tap.push(batch.batch(), BatchOwner(nullptr, nullptr), 0);
    tap.push(bare_batch(RecordBatchKind::kControl, 1, 1).batch(), BatchOwner(nullptr, nullptr), 0);
    tap.reach(2);
    tap.fail(Status::error(ErrorCode::kKafka, "cut"));
  }
  EXPECT_EQ(input_.reached, 2);
  EXPECT_EQ(input_.fault.message, "cut");
  EXPECT_TRUE(writer_->close(soon()).ok());
  EXPECT_EQ(captured(), (std::vector<int64_t>{0, 1}));
}

TEST_F(CaptureWriterTest, EndsWhereTheDiskIsSlowerThanTheStreamAndNeverHoldsIt) {
  open();
  disk_->stand_still();
  fetch(0);
  disk_->await_waiting();
  int64_t offset = 1;
  for (; writer_->state() != State::kEnded; ++offset)
    fetch(offset);
  EXPECT_LT(offset, 110) << "its bound is 100,000 bytes";
  EXPECT_GT(offset, 50);
  fetch(offset);
  EXPECT_EQ(static_cast<int64_t>(input_.offsets.size()), offset + 1);
  const std::string message = writer_->status().message;
  EXPECT_NE(message.find("capture.maxQueuedBytes"), std::string::npos) << message;
  disk_->go_on();
  EXPECT_EQ(writer_->close(soon()).code, ErrorCode::kCaptureTooSlow);
  EXPECT_TRUE(writer_->loss().ok());
  EXPECT_EQ(static_cast<int64_t>(captured().size()), offset - 1) << "what was queued is written";
  EXPECT_EQ(alive_, 0);
}

TEST_F(CaptureWriterTest, TakesOneFetchWhateverItsSize) {
  open();
  fetch(0, 10 * options_.max_queued_bytes);
  EXPECT_TRUE(writer_->close(soon()).ok());
  EXPECT_EQ(captured(), std::vector<int64_t>{0});
}

TEST_F(CaptureWriterTest, TellsWhenThereIsRoomAgainToWhoeverHoldsTheStream) {
  options_.holds_stream = true;
  open();
  disk_->stand_still();
  int64_t offset = 0;
  while (writer_->ask_for_room() > 0)
    fetch(offset++);
  EXPECT_EQ(writer_->state(), State::kOpen);
  disk_->go_on();
  await([this] { return writer_->ask_for_room() > 0; });
  EXPECT_TRUE(writer_->close(soon()).ok());
  EXPECT_EQ(static_cast<int64_t>(captured().size()), offset);
}

TEST_F(CaptureWriterTest, EndsWithAFaultOfTheDiskAndKeepsWhatIsComplete) {
  open();
  disk_->fail(BadDisk::Call::kAppend, ENOSPC, 2);
  for (int64_t offset = 0; offset < 10; ++offset)
    fetch(offset);
  await([this] { return writer_->state() == State::kEnded; });
  EXPECT_NE(writer_->status().message.find("No space left"), std::string::npos);
  writer_->close(soon());
  EXPECT_EQ(captured(), (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(alive_, 0);
}

TEST_F(CaptureWriterTest, DoesNotOpenInAFolderThatIsInUse) {
  std::filesystem::create_directories(temp_ / "c" / "t-0");
  start();
  await([this] { return writer_->state() == State::kEnded; });
  EXPECT_NE(writer_->status().message.find("is not empty"), std::string::npos);
}

TEST_F(CaptureWriterTest, EndsASegmentByItsAgeWhileNothingIsFetched) {
  options_.segment_age = std::chrono::milliseconds(1);
  open();
  fetch(0);
  const auto deadline = soon();
  while (captured().empty() && Clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(captured(), std::vector<int64_t>{0});
}

// A thread that hangs in the file system cannot be ended, and must not hold what is the client's.
TEST_F(CaptureWriterTest, LeavesADiskThatStandsStillBehindWhenTheTimeIsOver) {
  open();
  disk_->stand_still();
  fetch(0);
  disk_->await_waiting();
  for (int64_t offset = 1; offset < 20; ++offset)
    fetch(offset);
  const Status status = writer_->close(Clock::now() + std::chrono::milliseconds(10));
  EXPECT_NE(status.message.find("closeTimeoutMs"), std::string::npos) << status.message;
  EXPECT_EQ(alive_, 1) << "all but what is being written";
  EXPECT_EQ(names_in(options_.dir + "/t-0"), Names{"00000000000000000000.log.part"});
  disk_->go_on();
  const auto deadline = soon();
  while (alive_ > 0 && Clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(alive_, 0);
}

TEST_F(CaptureWriterTest, IsClosedWithoutHavingWritten) {
  start();
  EXPECT_TRUE(writer_->close(soon()).ok());
}

}  // namespace
}  // namespace tidemark::testing
