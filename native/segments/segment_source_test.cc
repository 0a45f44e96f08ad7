// A SegmentSource over folders of the test's own making, without the engine.
#include "segments/segment_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "test_support/log_folder.h"
#include "test_support/segment_stream.h"

namespace tidemark::testing {
namespace {

TEST(SegmentSourceTest, ReadsAllSegmentsInOrder) {
  LogFolder folder;
  folder.write("t-0", 30, stored(records_from(30, 5)));
  folder.write("t-0", 0, stored(records_from(0, 10)) + stored(records_from(10, 7)));
  folder.write("t-0", 17, stored(records_from(17, 13)));
  SegmentStream stream(folder.path());
  ASSERT_TRUE(stream.failure.ok()) << stream.failure.message;
  EXPECT_EQ(stream.partition().range.start_offset, 0);
  EXPECT_EQ(stream.partition().range.end_offset, 35);
  const Collector read = stream.read();
  EXPECT_EQ(read.offsets, range(0, 35));
  EXPECT_EQ(read.reached, 35);
}

TEST(SegmentSourceTest, ReadsBatchesThatAreLargerThanAPiece) {
  LogFolder folder;
  folder.write("t-0", 0,
               stored(records_from(0, 1, std::string(3'000'000, 'x'))) +
                   stored(records_from(1, 900, std::string(1'000, 'y'))));
  EXPECT_EQ(SegmentStream(folder.path()).read().offsets, range(0, 901));
}

TEST(SegmentSourceTest, PassesLeaderEpochsOn) {
  LogFolder folder;
  auto batch = records_from(0, 1);
  batch.header.leader_epoch = 7;
  folder.write("t-0", 0, stored(batch));
  EXPECT_EQ(SegmentStream(folder.path()).read().epochs, std::vector<int32_t>{7});
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
  SegmentStream stream(folder.path());
  ASSERT_TRUE(stream.assigned) << stream.failure.message;
  ASSERT_EQ(stream.assigned->size(), 2u);
  EXPECT_EQ(stream.partition(0).id.partition, 2);
  EXPECT_EQ(stream.partition(0).range.start_offset, 5);
  EXPECT_EQ(stream.partition(1).id.partition, 10);
}

TEST(SegmentSourceTest, RefusesAFolderOrTopicThatIsNotThere) {
  LogFolder folder;
  folder.write("other-0", 0, {});
  EXPECT_EQ(SegmentStream(folder.path() + "/none").failure.code, ErrorCode::kSegmentUnreadable);
  const SegmentStream unknown(folder.path());
  EXPECT_EQ(unknown.failure.code, ErrorCode::kUnknownTopic);
  EXPECT_EQ(unknown.failure.topic, "t");
}

TEST(SegmentSourceTest, AnEmptySegmentSaysWhereTheLogEnds) {
  LogFolder folder;
  folder.write("t-0", 12, {});
  SegmentStream stream(folder.path());
  EXPECT_EQ(stream.partition().range.start_offset, 12);
  EXPECT_EQ(stream.partition().range.end_offset, 12);
}

TEST(SegmentSourceTest, WhatIsAppendedLaterIsNotRead) {
  LogFolder folder;
  const Bytes first = stored(records_from(0, 3));
  folder.write("t-0", 0, first);
  SegmentStream stream(folder.path());
  // In place, as a broker does.
  std::ofstream(folder.segment("t-0", 0), std::ios::binary | std::ios::app)
      << std::string(500, 'x');
  EXPECT_EQ(stream.read().reached, 3);
}

TEST(SegmentSourceTest, AFileThatChangesWhileItIsReadIsAnError) {
  const auto change = [](const std::function<void(LogFolder&)>& how) {
    LogFolder folder;
    folder.write("t-0", 0, stored(records_from(0, 3)));
    folder.write("t-0", 3, stored(records_from(3, 3)));
    SegmentStream stream(folder.path());
    how(folder);
    const Collector read = stream.read();
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

}  // namespace
}  // namespace tidemark::testing
