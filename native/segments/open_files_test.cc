// Several logs in one process that may have few files open.
#include "segments/open_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "segments/batch_reader.h"
#include "segments/log_lookup.h"
#include "test_support/log_folder.h"

namespace tidemark::testing {
namespace {

constexpr int kMostFiles = 128;

size_t open_files() {
  size_t count = 0;
  for (int file = 0; file < kMostFiles; ++file)
    count += fcntl(file, F_GETFD) != -1 ? 1 : 0;
  return count;
}

// No more than so many may be open until it goes.
class Limit {
 public:
  explicit Limit(rlim_t files) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = files;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~Limit() { setrlimit(RLIMIT_NOFILE, &before_); }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;

 private:
  rlimit before_;
};

// All but `left` of the files that may be open.
class Taken {
 public:
  explicit Taken(size_t left) {
    int file;
    while ((file = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
      files_.push_back(file);
    for (; left > 0; --left)
      give_one();
  }
  ~Taken() {
    while (!files_.empty())
      give_one();
  }
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;

 private:
  void give_one() {
    close(files_.back());
    files_.pop_back();
  }

  std::vector<int> files_;
};

class OpenFilesTest : public ::testing::Test {
 protected:
  static constexpr int kBatches = 20;

  OpenFilesTest() {
    Bytes bytes;
    for (int64_t offset = 0; offset < kBatches; ++offset)
      bytes = std::move(bytes) + stored(records_from(offset, 1));
    folder_.write("t-0", 0, bytes);
    demand_.topics = {{"t", {}}};
    demand_.budget = {1 << 20, true};
  }

  FoundLogs look_up() {
    FoundLogs found;
    const std::atomic<bool> is_cancelled{false};
    const Status status = look_up_logs(folder_.path(), demand_, is_cancelled, &found);
    EXPECT_TRUE(status.ok()) << status.message;
    return found;
  }
  // One record batch.
  std::unique_ptr<Piece> read(BatchReader& reader) {
    auto piece = std::make_unique<Piece>();
    reader.read(1, inflater_, *piece);
    return piece;
  }

  LogFolder folder_;
  Demand demand_;
  Inflater inflater_;
};

// As many sources with one partition each.
TEST_F(OpenFilesTest, AllSourcesTogetherKeepAQuarter) {
  const Limit limit(kMostFiles);
  const FoundLogs found = look_up();
  const size_t before = open_files();
  std::vector<std::unique_ptr<BatchReader>> readers;
  for (int i = 0; i < 300; ++i)
    readers.push_back(std::make_unique<BatchReader>(found.logs[0], 0));
  for (int round = 0; round < kBatches; ++round) {
    for (const auto& reader : readers) {
      const auto piece = read(*reader);
      ASSERT_TRUE(piece->status.ok()) << piece->status.message;
      ASSERT_EQ(piece->batches.at(0).base_offset, round);
      ASSERT_LE(open_files(), before + kMostFiles / 4);
    }
  }
  readers.clear();
  EXPECT_EQ(open_files(), before);
}

TEST_F(OpenFilesTest, OneMoreClosesWhatAnotherSourceKeeps) {
  const Limit limit(kMostFiles);
  const FoundLogs found = look_up();
  std::vector<std::unique_ptr<BatchReader>> readers;
  const Taken taken(2);
  for (int i = 0; i < 8; ++i) {
    readers.push_back(std::make_unique<BatchReader>(found.logs[0], 0));
    const auto piece = read(*readers.back());
    ASSERT_TRUE(piece->status.ok()) << i << piece->status.message;
    look_up();
  }
}

TEST_F(OpenFilesTest, WhereNoneIsKeptTheReadFailsAndMayBeTriedAgain) {
  const Limit limit(kMostFiles);
  BatchReader reader(look_up().logs[0], 0);
  const Taken taken(0);
  const Status status = read(reader)->status;
  EXPECT_EQ(status.code, ErrorCode::kSegmentUnreadable) << status.message;
  EXPECT_TRUE(status.retriable);
}

// Each has a thread and reads many partitions side by side. One that found no file kept, because
// another thread was about to close them all, said that none could be open.
TEST_F(OpenFilesTest, SourcesThatReadAtOnceCloseTheFilesOfOneAnother) {
  constexpr int kSources = 8, kPartitions = 10, kRounds = 50;
  const Limit limit(kMostFiles);
  const FoundLogs found = look_up();
  const Taken taken(kSources);
  std::vector<std::thread> threads;
  for (int i = 0; i < kSources; ++i) {
    threads.emplace_back([&found] {
      Inflater inflater;
      for (int round = 0; round < kRounds; ++round) {
        std::vector<std::unique_ptr<BatchReader>> readers;
        for (int partition = 0; partition < kPartitions; ++partition)
          readers.push_back(std::make_unique<BatchReader>(found.logs[0], 0));
        for (int batch = 0; batch < kBatches; ++batch) {
          for (const auto& reader : readers) {
            Piece piece;
            reader->read(1, inflater, piece);
            ASSERT_TRUE(piece.status.ok()) << piece.status.message;
            ASSERT_EQ(piece.batches.at(0).base_offset, batch);
          }
        }
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
}

}  // namespace
}  // namespace tidemark::testing
