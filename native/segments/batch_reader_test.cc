// Faults of what a record batch is and has.
#include "segments/batch_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "log/inflate.h"
#include "test_support/log_folder.h"
#include "test_support/segment_stream.h"

namespace tidemark::testing {
namespace {

// A changed base offset or epoch is not covered by the checksum; of all else, no bit may be lost.
TEST(BatchReaderTest, NoByteOfABatchCanChangeUnnoticed) {
  const Bytes first = stored(records_from(0, 3)), second = stored(records_from(3, 3));
  const Bytes third = stored(records_from(6, 3));
  for (size_t i = 16; i < second.size(); ++i) {
    Bytes flipped = second;
    flipped[i] ^= 0x10;
    LogFolder folder;
    folder.write("t-0", 0, first + flipped + third);
    const Collector read = SegmentStream(folder.path()).read();
    EXPECT_EQ(read.offsets, range(0, 3)) << "byte " << i;
    EXPECT_FALSE(read.status.ok()) << "byte " << i;
  }
}

TEST(BatchReaderTest, ATornBatchWithinTheLogIsAFault) {
  const Bytes second = stored(records_from(3, 3));
  LogFolder folder;
  folder.write("t-0", 0, stored(records_from(0, 3)) + Bytes(second.begin(), second.end() - 9));
  folder.write("t-0", 6, stored(records_from(6, 3)));
  const Collector read = SegmentStream(folder.path()).read();
  EXPECT_EQ(read.offsets, range(0, 3));
  EXPECT_EQ(read.status.code, ErrorCode::kCorruptRecordBatch);
}

// The first, one in the middle and the last of a segment; also where its length lies, or its end is
// not there: the rest of a header follows from its format.
TEST(BatchReaderTest, OtherFormatsAreRefusedWhereTheyAreRead) {
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
        const Collector read = SegmentStream(folder.path(), {}, read_committed).read();
        EXPECT_EQ(read.offsets, range(0, at));
        EXPECT_EQ(read.status.code, ErrorCode::kUnsupportedFormat) << magic << " at " << at;
        EXPECT_EQ(read.status.offset, at);
        EXPECT_EQ(read.status.topic, "t");
        const char* const says =
            magic == 0 || magic == 1 ? "message format v0 or v1" : "magic byte";
        EXPECT_NE(read.status.message.find(says), std::string::npos) << read.status.message;
        // Who starts past it does not meet it.
        SegmentStream latest(folder.path(), {Start::Kind::kLatest, 0}, read_committed);
        if (at < 6) {
          EXPECT_EQ(latest.partition().range.start_offset, 9);
          EXPECT_EQ(latest.read().reached, 9);
        }
      }
    }
  }
}

// It is shorter than the header of a v2 batch: the last one would be taken for one that is torn.
TEST(BatchReaderTest, AShortMessageOfAnOldFormatIsRefused) {
  for (const uint8_t magic : {0, 1}) {
    Bytes message;
    put_be(message, int64_t{3});
    put_be(message, int32_t{magic == 0 ? 14 : 22});
    put_be(message, int32_t{0});  // its checksum
    message.push_back(magic);
    message.resize(magic == 0 ? 26 : 34, 0xff);
    for (const Bytes& behind : {Bytes{}, stored(records_from(4, 3))}) {
      for (const bool has_next : {false, true}) {
        for (const bool read_committed : {false, true}) {
          LogFolder folder;
          folder.write("t-0", 0, stored(records_from(0, 3)) + message + behind);
          if (has_next) folder.write("t-0", 7, stored(records_from(7, 3)));
          const Collector read = SegmentStream(folder.path(), {}, read_committed).read();
          EXPECT_EQ(read.offsets, range(0, 3));
          EXPECT_EQ(read.status.code, ErrorCode::kUnsupportedFormat) << read.status.message;
          EXPECT_EQ(read.status.offset, 3);
        }
      }
    }
  }
}

TEST(BatchReaderTest, AnUnknownFormatIsOneWhateverElseItsHeaderSays) {
  for (const auto& [byte, value] : std::vector<std::pair<size_t, uint8_t>>{
           {0, 0x80}, {8, 0x7f}, {8, 0x80}, {10, 0x70}, {23, 0x80}}) {
    for (const Bytes& behind : {Bytes{}, stored(records_from(6, 3))}) {
      Bytes odd = stored(records_from(3, 3));
      odd[16] = 9;
      odd[byte] = value;
      LogFolder folder;
      folder.write("t-0", 0, stored(records_from(0, 3)) + odd + behind);
      const Collector read = SegmentStream(folder.path()).read();
      EXPECT_EQ(read.offsets, range(0, 3));
      EXPECT_EQ(read.status.code, ErrorCode::kUnsupportedFormat) << "byte " << byte;
      EXPECT_EQ(read.status.offset, 3);
    }
  }
}

TEST(BatchReaderTest, AnUnknownCodecAndBytesThatDoNotInflateAreFaults) {
  for (int16_t codec = 1; codec <= 7; ++codec) {
    LogFolder folder;
    folder.write("t-0", 0, stored(records_from(0, 3), {codec, -1}));
    const Collector read = SegmentStream(folder.path(), {}, false).read();
    EXPECT_EQ(read.status.code,
              codec <= 4 ? ErrorCode::kCorruptRecordBatch : ErrorCode::kUnsupportedFormat);
  }
}

// CaptureTest has what a capture writes.
TEST(BatchReaderTest, RecordsThatAreLargerThanThoseOfACaptureAreRefused) {
  for (const size_t size : {kMostInflatedBytes, kMostInflatedBytes + 1}) {
    const bool is_too_large = size > kMostInflatedBytes;
    const WrittenBatch large = one_large_record(1, size);
    ASSERT_EQ(large.bytes.size(), size);
    LogFolder folder;
    folder.write("t-0", 0, stored(records_from(0, 1)) + stored(large) + stored(records_from(2, 1)));
    const Collector read = SegmentStream(folder.path()).read();
    EXPECT_EQ(read.offsets, range(0, is_too_large ? 1 : 3));
    // A start by time looks into it.
    SegmentStream by_time(folder.path(), at(1));
    EXPECT_EQ(by_time.failure.ok(), !is_too_large);
    if (!is_too_large) continue;
    for (const Status& status : {read.status, by_time.failure}) {
      EXPECT_EQ(status.code, ErrorCode::kRecordTooLarge);
      EXPECT_EQ(status.offset, 1);
      EXPECT_NE(status.message.find("more than 100000000 bytes"), std::string::npos)
          << status.message;
    }
  }
}

}  // namespace
}  // namespace tidemark::testing
