// Where a partition is begun.
#include "segments/log_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "test_support/log_folder.h"
#include "test_support/segment_stream.h"

namespace tidemark::testing {
namespace {

TEST(LogScanTest, StartsWhereItIsAskedTo) {
  LogFolder folder;
  folder.write("t-0", 4, stored(records_from(4, 6)) + stored(records_from(10, 10)));
  folder.write("t-0", 20, stored(records_from(20, 10)));
  const auto start = [&folder](Start from) {
    SegmentStream stream(folder.path(), from);
    EXPECT_EQ(stream.partition().range.end_offset, 30);
    const int64_t offset = stream.partition().range.start_offset;
    if (offset < 30) {
      EXPECT_EQ(stream.read().offsets, range(offset, 30));
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
TEST(LogScanTest, AStartByTimeDoesNotPassOverAFault) {
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
        const Collector read = SegmentStream(folder.path(), at(time), read_committed).read();
        EXPECT_EQ(read.offsets, range(0, 0)) << damaged << " " << time;
        EXPECT_FALSE(read.status.ok()) << damaged << " " << time;
        EXPECT_EQ(read.status.offset, 103) << read.status.message;
        const Collector from_front = SegmentStream(folder.path(), at(101), read_committed).read();
        EXPECT_EQ(from_front.offsets, range(101, 103));
        EXPECT_EQ(from_front.status.offset, 103) << from_front.status.message;
        SegmentStream latest(folder.path(), {Start::Kind::kLatest, 0}, read_committed);
        EXPECT_EQ(latest.read().reached, 112);
        // Where the log begins behind it, it is not met.
        std::ofstream(folder.path() + "/log-start-offset-checkpoint") << "0\n1\nt 0 109\n";
        EXPECT_EQ(SegmentStream(folder.path(), at(time), read_committed).read().offsets,
                  range(std::max<int64_t>(time, 109), 112));
      }
    }
  }
}

// The offsets in front of it are all there: it hides nothing.
TEST(LogScanTest, AStartByTimePassesOverZerosThatHideNothing) {
  LogFolder folder;
  folder.write("t-0", 0, stored(records_from(0, 3)) + Bytes(500, 0));
  folder.write("t-0", 3, stored(records_from(3, 3)));
  EXPECT_EQ(SegmentStream(folder.path(), at(4)).read().offsets, range(4, 6));
}

}  // namespace
}  // namespace tidemark::testing
