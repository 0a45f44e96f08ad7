#include "segments/offset_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "test_support/log_folder.h"
#include "test_support/segment_stream.h"

namespace tidemark::testing {
namespace {

// No checksum covers a base offset.
TEST(OffsetOrderTest, ABaseOffsetThatLiesHidesNothing) {
  const auto lying = [](int64_t truth, int64_t lie) {
    Bytes batch = stored(records_from(truth, 3)), offset;
    put_be(offset, lie);
    std::copy(offset.begin(), offset.end(), batch.begin());
    return batch;
  };
  const auto status_of = [](const Bytes& first, const Bytes& second, const Bytes& third) {
    std::vector<ErrorCode> codes;
    for (const bool read_committed : {true, false}) {
      LogFolder folder;
      folder.write("t-0", 100, first + second);
      folder.write("t-0", 106, third);
      codes.push_back(SegmentStream(folder.path(), {}, read_committed).read().status.code);
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

}  // namespace
}  // namespace tidemark::testing
