#include "capture/capture_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "source/wake_up.h"
#include "test_support/bad_disk.h"
#include "test_support/plain_segment.h"
#include "test_support/record_batch_writer.h"
#include "test_support/temp_folder.h"

namespace tidemark::testing {
namespace {

constexpr size_t kFetchBytes = 10'000;
const PartitionHandle kPartition{2, 7};

// One partition, of which each take() hands over one record.
class OneRecordATake final : public Source {
 public:
  void open(const Demand&, SourceEvents&, Bell&) override { is_open = true; }
  Clock::time_point serve(Clock::time_point) override { return Clock::time_point::max(); }
  size_t share_budget(size_t bytes, size_t) override { return bytes; }
  Status start(PartitionHandle, const AssignedPartition&) override { return Status(); }
  void stop(PartitionHandle) override { is_stopped = true; }
  Taken take(PartitionHandle, size_t, PartitionInput& input) override {
    auto* const batch =
        new WrittenBatch(RecordBatchWriter(next, 5).add({next, 5, std::nullopt, "v", {}}).finish());
    ++next;
    input.push(batch->batch(),
               BatchOwner(batch, [](void* held) { delete static_cast<WrittenBatch*>(held); }),
               kFetchBytes);
    return {true, true};
  }
  void enter_live() override {}
  Progress progress(PartitionHandle) override { return Progress(); }
  StallFacts stall_facts(PartitionHandle) const override { return StallFacts(); }
  void close(std::chrono::milliseconds) override { is_closed = true; }

  bool is_open = false, is_stopped = false, is_closed = false;
  int64_t next = 0;
};

class Events final : public SourceEvents {
 public:
  void on_assigned(std::vector<AssignedPartition>) override {}
  void on_revoked(const std::vector<PartitionHandle>&) override {}
  void on_partition_failed(PartitionHandle partition, Status status) override {
    EXPECT_TRUE(partition == kPartition);
    fault = std::move(status);
  }
  void on_failed(Status status) override { failure = std::move(status); }
  void on_client_event(ClientEvent event) override { events.push_back(std::move(event)); }
  void on_log(LogLine) override {}
  void on_token_request() override {}

  Status fault, failure;
  std::vector<ClientEvent> events;
};

class Input final : public PartitionInput {
 public:
  void push(const RecordBatch&, BatchOwner, size_t) override { ++batches; }
  void reach(int64_t) override {}
  void fail(Status) override {}
  int64_t position() const override { return batches; }

  int64_t batches = 0;
};

class CaptureSourceTest : public ::testing::Test {
 protected:
  CaptureSourceTest() {
    options_.dir = (temp_ / "c").string();
    options_.segment_bytes = 1 << 20;
    options_.segment_age = std::chrono::hours(1);
    options_.max_queued_bytes = 5 * kFetchBytes;
  }
  ~CaptureSourceTest() override {
    disk_->go_on();
    if (capture_ && !inner_->is_closed) capture_->close(std::chrono::seconds(60));
  }

  void open() {
    capture_.emplace(inner_, options_, disk_);
    Demand demand;
    demand.open_timeout = std::chrono::seconds(60);
    capture_->open(demand, events_, bell_);
    serve_until([this] { return inner_->is_open || !events_.failure.ok(); });
  }
  void open_and_start() {
    open();
    ASSERT_TRUE(inner_->is_open);
    AssignedPartition assigned;
    assigned.id = {"t", 0, 0};
    assigned.range = {0, 0};
    ASSERT_TRUE(capture_->start(kPartition, assigned).ok());
  }
  Source::Taken take() { return capture_->take(kPartition, 1 << 20, input_); }
  template <typename Condition>
  void serve_until(Condition condition) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    for (;;) {
      capture_->serve(Clock::now());
      if (condition()) return;
      ASSERT_LT(Clock::now(), deadline);
      bell_.wait_until(deadline, &rung_);
    }
  }

  TempFolder temp_;
  std::shared_ptr<BadDisk> disk_ = std::make_shared<BadDisk>();
  std::shared_ptr<OneRecordATake> inner_ = std::make_shared<OneRecordATake>();
  CaptureOptions options_;
  Events events_;
  WakeUp bell_;
  std::vector<PartitionHandle> rung_;
  Input input_;
  std::optional<CaptureSource> capture_;
};

TEST_F(CaptureSourceTest, CapturesWhatIsTaken) {
  open_and_start();
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(take().any);
  capture_->stop(kPartition);
  EXPECT_TRUE(inner_->is_stopped);
  capture_->close(std::chrono::seconds(60));
  EXPECT_TRUE(inner_->is_closed);
  EXPECT_EQ(captured_batches(temp_ / "c" / "t-0").size(), 3u);
  EXPECT_EQ(input_.batches, 3);
  EXPECT_TRUE(events_.events.empty());
}

TEST_F(CaptureSourceTest, OpensNothingWhereItsFolderIsInUse) {
  std::filesystem::create_directories(temp_ / "c" / "t-0");
  open();
  EXPECT_EQ(events_.failure.code, ErrorCode::kCaptureInUse);
  EXPECT_FALSE(inner_->is_open);
  // It wanted to be called again at once, until it was closed.
  EXPECT_EQ(capture_->serve(Clock::now()), Clock::time_point::max());
  capture_->close(std::chrono::seconds(60));
  EXPECT_FALSE(inner_->is_closed) << "it was never open";
  inner_->is_closed = true;
}

TEST_F(CaptureSourceTest, TellsOnceThatItHasEndedAndGoesOn) {
  open_and_start();
  disk_->fail(BadDisk::Call::kAppend, ENOSPC);
  take();
  serve_until([this] { return !events_.events.empty(); });
  EXPECT_TRUE(take().any);
  capture_->serve(Clock::now());
  capture_->close(std::chrono::seconds(60));
  ASSERT_EQ(events_.events.size(), 1u);
  EXPECT_STREQ(client_event_name(events_.events[0].type), "captureEnded");
  EXPECT_NE(events_.events[0].message.find("No space left"), std::string::npos);
  EXPECT_EQ(events_.events[0].code, ErrorCode::kCapture);
  EXPECT_EQ(events_.events[0].system_error, ENOSPC);
  EXPECT_TRUE(events_.fault.ok());
}

TEST_F(CaptureSourceTest, EndsTheStreamWhereItHoldsIt) {
  options_.holds_stream = true;
  open_and_start();
  disk_->fail(BadDisk::Call::kAppend, EIO);
  take();
  serve_until([this] { return !events_.fault.ok(); });
  EXPECT_EQ(events_.fault.code, ErrorCode::kCapture);
  EXPECT_TRUE(events_.events.empty());
  EXPECT_EQ(capture_->start({3, 0}, AssignedPartition()).code, ErrorCode::kCapture)
      << "a partition that joins now would not be captured";
}

// A stream that has ended has stopped all of its partitions, and nobody was told.
TEST_F(CaptureSourceTest, TellsByAnEventWhereTheStreamThatItHoldsHasEnded) {
  options_.holds_stream = true;
  open_and_start();
  disk_->stand_still();
  take();
  disk_->await_waiting();
  capture_->stop(kPartition);
  disk_->fail(BadDisk::Call::kAppend, EIO);
  disk_->go_on();
  serve_until([this] { return !events_.events.empty(); });
  EXPECT_EQ(events_.events[0].code, ErrorCode::kCapture);
  EXPECT_TRUE(events_.fault.ok());
}

TEST_F(CaptureSourceTest, HoldsTheStreamUntilThereIsRoom) {
  options_.holds_stream = true;
  open_and_start();
  disk_->stand_still();
  while (take().any) {
  }
  EXPECT_LE(input_.batches, 6) << "five fetches are its bound";
  EXPECT_NE(capture_->stall_facts(kPartition).last_error.find("waits for its disk"),
            std::string::npos);
  disk_->go_on();
  bool has_rung = false;
  serve_until([this, &has_rung] {
    std::vector<PartitionHandle> now;
    bell_.take_rung(&now);
    for (const auto& list : {now, rung_})
      has_rung |= !list.empty() && list[0] == kPartition;
    return has_rung;
  });
  EXPECT_TRUE(take().any);
}

// When the disk was too slow, what had been queued was said to be written still.
TEST_F(CaptureSourceTest, TellsOnceMoreWhereWhatWasQueuedCannotBeWritten) {
  using Fault = std::pair<BadDisk::Call, ErrorCode>;
  for (const auto& [call, code] : {Fault{BadDisk::Call::kAppend, ErrorCode::kCapture},
                                   Fault{BadDisk::Call::kNone, ErrorCode::kCaptureNotFinished}}) {
    SCOPED_TRACE(error_code_name(code));
    options_.dir = (temp_ / error_code_name(code)).string();
    inner_ = std::make_shared<OneRecordATake>();
    events_.events.clear();
    open_and_start();
    disk_->stand_still();
    take();
    disk_->await_waiting();
    while (events_.events.empty()) {
      take();
      capture_->serve(Clock::now());
    }
    disk_->fail(call, EIO);
    if (call != BadDisk::Call::kNone) disk_->go_on();
    capture_->close(std::chrono::milliseconds(call == BadDisk::Call::kNone ? 10 : 60'000));
    ASSERT_EQ(events_.events.size(), 2u);
    EXPECT_EQ(events_.events[0].code, ErrorCode::kCaptureTooSlow);
    EXPECT_EQ(events_.events[1].code, code);
  }
}

TEST_F(CaptureSourceTest, TellsAtCloseWhatWasNotWritten) {
  open_and_start();
  disk_->stand_still();
  take();
  disk_->await_waiting();
  take();
  capture_->close(std::chrono::milliseconds(10));
  ASSERT_EQ(events_.events.size(), 1u);
  EXPECT_NE(events_.events[0].message.find("closeTimeoutMs"), std::string::npos);
  EXPECT_EQ(events_.events[0].code, ErrorCode::kCaptureNotFinished);
  EXPECT_TRUE(inner_->is_closed);
}

}  // namespace
}  // namespace tidemark::testing
