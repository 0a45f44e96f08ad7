// Where a log ends, and what is a fault in its middle.
#include "segments/segment_tail.h"

#include <gtest/gtest.h>

#include "test_support/log_folder.h"
#include "test_support/segment_stream.h"

namespace tidemark::testing {
namespace {

TEST(SegmentTailTest, ABatchThatWasNotWrittenToItsEndIsTheEnd) {
  const Bytes whole = stored(records_from(0, 3)), last = stored(records_from(3, 50));
  for (size_t cut = 1; cut < last.size(); cut += 7) {
    LogFolder folder;
    folder.write("t-0", 0, whole + Bytes(last.begin(), last.end() - static_cast<long>(cut)));
    SegmentStream stream(folder.path());
    EXPECT_EQ(stream.partition().range.end_offset, 3);
    const Collector read = stream.read();
    EXPECT_EQ(read.offsets, range(0, 3));
    EXPECT_EQ(read.reached, 3) << read.status.message;
  }
}

TEST(SegmentTailTest, ZerosAreTheEndAndOtherBytesAreNot) {
  const Bytes whole = stored(records_from(0, 3));
  LogFolder folder;
  folder.write("t-0", 0, whole + Bytes(3'000'000, 0));
  EXPECT_EQ(SegmentStream(folder.path()).read().reached, 3);
  Bytes garbage(3'000'000, 0);
  garbage.back() = 1;
  folder.write("t-0", 0, whole + garbage);
  const Collector read = SegmentStream(folder.path()).read();
  EXPECT_EQ(read.offsets, range(0, 3));
  EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
  EXPECT_EQ(read.status.offset, 3);
}

TEST(SegmentTailTest, ZerosBehindASegmentThatIsNotTheLastAreAFault) {
  const Bytes whole = stored(records_from(0, 3));
  for (const size_t zeros : {size_t{1}, size_t{60}, size_t{61}, size_t{4'096}, size_t{3'000'000}}) {
    for (const Bytes& next :
         {stored(records_from(3, 3)), stored(records_from(6, 3)), Bytes{}, Bytes(size_t{500}, 0)}) {
      LogFolder folder;
      folder.write("t-0", 0, whole + Bytes(zeros, 0));
      folder.write("t-0", 6, next.empty() || next[0] == 0 ? next : stored(records_from(6, 3)));
      for (const bool read_committed : {false, true}) {
        const Collector read = SegmentStream(folder.path(), {}, read_committed).read();
        EXPECT_EQ(read.offsets, range(0, 3));
        EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch) << read.status.message;
        EXPECT_EQ(read.status.offset, 3);
      }
    }
  }
}

TEST(SegmentTailTest, ZerosWithDataBehindThemAreAFault) {
  for (const size_t zeros : {size_t{1}, size_t{60}, size_t{61}, size_t{4'096}, size_t{3'000'000}}) {
    LogFolder folder;
    folder.write("t-0", 0,
                 stored(records_from(0, 3)) + Bytes(zeros, 0) + stored(records_from(3, 3)));
    for (const bool read_committed : {false, true}) {
      const Collector read = SegmentStream(folder.path(), {}, read_committed).read();
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
TEST(SegmentTailTest, ZerosBehindAnOpenTransactionAreAFault) {
  LogFolder folder;
  folder.write("t-0", 0, stored(records_from(0, 2)) + data_of(1, 2, 2) + Bytes(500, 0));
  folder.write("t-0", 5, stored(records_from(5, 3)));
  const Collector read = SegmentStream(folder.path()).read();
  EXPECT_EQ(read.offsets, range(0, 2));
  EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
  EXPECT_EQ(read.status.offset, 2);
}

// Without the look behind it, a length that runs past the end would hide all that follows.
TEST(SegmentTailTest, ALengthThatLiesIsNotTheEnd) {
  for (const uint8_t high : {0x00, 0x01, 0x7f, 0x80}) {
    Bytes lying = stored(records_from(3, 3));
    lying[8] = high;
    lying[9] = 0xff;
    LogFolder folder;
    folder.write("t-0", 0, stored(records_from(0, 3)) + lying + stored(records_from(6, 3)));
    const Collector read = SegmentStream(folder.path()).read();
    EXPECT_EQ(read.offsets, range(0, 3));
    EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
  }
}

}  // namespace
}  // namespace tidemark::testing
