// A partition whose record batches are compressed until their turn.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "merge/partition.h"
#include "test_support/compressed_batch.h"
#include "test_support/dice.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {
namespace {

constexpr int64_t kFar = 1'000'000;
constexpr int kCodecs[] = {kGzipCodec, kSnappyCodec, kLz4Codec, kZstdCodec};

// Records at base, base + 1, ... with values of `size`.
WrittenBatch batch_of(int64_t base, int64_t count, size_t size) {
  RecordBatchWriter writer(base, 0);
  for (int64_t i = base; i < base + count; ++i) {
    writer.add({i, i, std::to_string(i), std::string(size, static_cast<char>('a' + i % 26)), {}});
  }
  return writer.finish();
}

class CompressedBatches : public ::testing::Test {
 protected:
  void make(ReplayRange range = {0, kFar}, size_t step = InflatedWindow::kStep,
            size_t most_inflated_bytes = kMostInflatedBytes) {
    partition.reset();
    windows = std::make_unique<WindowPool>(step);
    partition = std::make_unique<Partition>(PartitionId{"trades", 3}, range, GapPolicy::kError,
                                            *windows, most_inflated_bytes);
  }

  // Its memory is freed for good when it is let go.
  Status push(const WrittenBatch& written) {
    struct Op {
      Bytes bytes;
      int* alive;
    };
    ++alive;
    Op* const op = new Op{written.bytes, &alive};
    RecordBatch batch = written.batch();
    batch.records = op->bytes.data();
    return partition->push(batch,
                           BatchOwner(op,
                                      [](void* pointer) {
                                        Op* const dropped = static_cast<Op*>(pointer);
                                        --*dropped->alive;
                                        delete dropped;
                                      }),
                           written.bytes.size());
  }

  // Takes `most` records off, and holds them against batch_of.
  int64_t take(size_t size, int64_t most = kFar) {
    int64_t taken = 0;
    for (; partition->has_head() && taken < most; ++taken) {
      const Record& record = *partition->head();
      const std::string key = std::to_string(record.offset);
      const std::string value(size, static_cast<char>('a' + record.offset % 26));
      EXPECT_EQ(std::string(record.key, record.key + record.key_size), key);
      EXPECT_TRUE(std::string_view(reinterpret_cast<const char*>(record.value),
                                   static_cast<size_t>(record.value_size)) == value)
          << key;
      partition->release(1);
    }
    return taken;
  }

  int alive = 0;
  Dice dice{1};
  std::unique_ptr<WindowPool> windows;
  std::unique_ptr<Partition> partition;
};

TEST_F(CompressedBatches, GiveTheRecordsThatWereCompressed) {
  for (const int codec : kCodecs) {
    for (const size_t step : {size_t{1}, size_t{37}, InflatedWindow::kStep}) {
      for (const size_t block : {size_t{50}, size_t{5'000}, kOneBlock}) {
        make({0, kFar}, step);
        ASSERT_TRUE(push(compress(batch_of(0, 500, 100), codec, block, dice)).ok());
        ASSERT_TRUE(push(batch_of(500, 40, 100)).ok()) << "one that is not";
        ASSERT_TRUE(push(compress(batch_of(540, 60, 100), codec, block, dice)).ok());
        EXPECT_EQ(partition->held_records(), 600);
        EXPECT_EQ(take(100), 600) << partition->status().message;
        EXPECT_TRUE(partition->status().ok()) << partition->status().message;
        EXPECT_EQ(alive, 0);
        EXPECT_EQ(partition->held_records(), 0);
        EXPECT_EQ(partition->held_bytes(), 0u);
        EXPECT_EQ(partition->position(), 600);
      }
    }
  }
}

TEST_F(CompressedBatches, StartAndEndInMidBatch) {
  make({7, 90}, 64);
  push(compress(batch_of(0, 100, 30), kLz4Codec, kOneBlock, dice));
  EXPECT_EQ(partition->head()->offset, 7);
  EXPECT_EQ(take(30), 83);
  EXPECT_TRUE(partition->exhausted());
  partition->go_live();
  EXPECT_EQ(take(30), 10);
  EXPECT_TRUE(partition->status().ok());
}

TEST_F(CompressedBatches, OneRecordMayBeAsLargeAsABatchMay) {
  constexpr size_t kLarge = 99'000'000;
  make();
  push(compress(batch_of(0, 1, kLarge), kZstdCodec, kOneBlock, dice));
  ASSERT_TRUE(partition->has_head()) << partition->status().message;
  EXPECT_GE(partition->held_bytes(), kLarge);
  EXPECT_LE(partition->held_bytes(), 2 * kLarge);
  EXPECT_EQ(take(kLarge), 1);
  EXPECT_TRUE(partition->status().ok()) << partition->status().message;
  EXPECT_EQ(partition->held_bytes(), 0u);
  EXPECT_LT(windows->memory_bytes(), kLarge / 4) << "it is not kept for what comes next";
}

TEST_F(CompressedBatches, HoldOneWindowAndWhatIsStillCompressed) {
  make();
  std::vector<WrittenBatch> batches;
  size_t compressed = 0;
  for (int64_t i = 0; i < 4; ++i) {
    batches.push_back(compress(batch_of(i * 2'000, 2'000, 1'000), kLz4Codec, 10'000, dice));
    compressed += batches.back().bytes.size();
    push(batches.back());
  }
  EXPECT_GT(partition->held_bytes(), compressed) << "the window counts";
  EXPECT_LT(partition->held_bytes(), compressed + 500'000) << "of 8 MB, what is read now";
  take(1'000, 2'000 + 10);
  EXPECT_LT(partition->held_bytes(), compressed - batches[0].bytes.size() + 500'000);
  // The end of the last one is inflated: what it came from is not needed any more.
  take(1'000, 6'000 - 20);
  EXPECT_EQ(partition->head()->offset, 7'990);
  EXPECT_EQ(alive, 0);
  EXPECT_GT(partition->held_bytes(), 0u);
  EXPECT_EQ(take(1'000), 10);
  EXPECT_EQ(partition->held_bytes(), 0u);
}

TEST_F(CompressedBatches, OfManyPartitionsNoneKeepsAWindow) {
  make();
  std::vector<std::unique_ptr<Partition>> many;
  const WrittenBatch compressed = compress(batch_of(0, 100, 10), kLz4Codec, kOneBlock, dice);
  for (int32_t i = 0; i < 1'000; ++i) {
    many.push_back(std::make_unique<Partition>(PartitionId{"trades", i}, ReplayRange{0, kFar},
                                               GapPolicy::kError, *windows));
    many.back()->push(compressed.batch(), BatchOwner(nullptr, nullptr), 0);
    EXPECT_GT(many.back()->held_bytes(), 0u);
  }
  for (const auto& each : many) {
    while (each->has_head())
      each->release(1);
    EXPECT_EQ(each->held_bytes(), 0u);
  }
  EXPECT_GT(windows->memory_bytes(), 0u) << "some are kept for the next";
  EXPECT_LT(windows->memory_bytes(), 100 * InflatedWindow::kStep);
}

// Of an op whose batches share their memory, which comes with the last of them.
TEST_F(CompressedBatches, ShareTheMemoryOfTheirOp) {
  make();
  const WrittenBatch first = compress(batch_of(0, 100, 10), kGzipCodec, kOneBlock, dice);
  const WrittenBatch second = compress(batch_of(100, 100, 10), kZstdCodec, kOneBlock, dice);
  struct Op {
    Bytes first, second;
    int* alive;
  };
  alive = 1;
  Op* const op = new Op{first.bytes, second.bytes, &alive};
  RecordBatch batch = first.batch();
  batch.records = op->first.data();
  partition->push(batch, BatchOwner(nullptr, nullptr), 0);
  batch = second.batch();
  batch.records = op->second.data();
  const auto drop = [](void* pointer) {
    Op* const dropped = static_cast<Op*>(pointer);
    --*dropped->alive;
    delete dropped;
  };
  partition->push(batch, BatchOwner(nullptr, nullptr), 0);
  partition->push(bare_batch(RecordBatchKind::kControl, 200, 200).batch(), BatchOwner(op, drop),
                  300);
  EXPECT_EQ(take(10, 90), 90);
  EXPECT_EQ(alive, 1) << "the second is not inflated yet";
  EXPECT_EQ(take(10), 110);
  EXPECT_EQ(alive, 0);
}

TEST_F(CompressedBatches, ARecordThatDoesNotParseIsTheFaultOfAPlainBatch) {
  WrittenBatch corrupt = batch_of(0, 300, 100);
  corrupt.bytes.back() = 1;  // the last record claims a header
  make();
  push(corrupt);
  EXPECT_EQ(take(100), 299);
  const Status expected = partition->status();
  EXPECT_EQ(expected.code, ErrorCode::kCorruptRecordBatch);
  for (const int codec : kCodecs) {
    make({0, kFar}, 256);
    EXPECT_TRUE(push(compress(corrupt, codec, 1'000, dice)).ok());
    EXPECT_TRUE(push(compress(batch_of(300, 1, 1), codec, kOneBlock, dice)).ok())
        << "not looked at yet";
    EXPECT_EQ(take(100), 299);
    EXPECT_EQ(partition->status().code, expected.code);
    EXPECT_EQ(partition->status().message, expected.message);
    EXPECT_EQ(partition->status().offset, expected.offset);
    EXPECT_EQ(partition->position(), 299);
    EXPECT_EQ(partition->held_records(), 0);
    EXPECT_EQ(partition->held_bytes(), 0u);
    EXPECT_EQ(alive, 0);
  }
}

TEST_F(CompressedBatches, BytesLeftOverAreFoundBehindTheLastRecord) {
  WrittenBatch corrupt = batch_of(0, 300, 100);
  corrupt.bytes.push_back(0);
  for (const int codec : kCodecs) {
    for (const size_t step : {size_t{1}, size_t{100}, corrupt.bytes.size() - 1}) {
      make({0, 300}, step);
      push(compress(corrupt, codec, 1'000, dice));
      EXPECT_EQ(take(100), 300);
      EXPECT_EQ(partition->status().message,
                "topic 'trades', partition 3, offset 300: the record batch at offset 0 is corrupt: "
                "bytes are left over behind the last record; this copy of the log is damaged: read "
                "from another replica, or start past this offset");
    }
  }
}

TEST_F(CompressedBatches, FaultsOfTheCodecsHaveTheirCodes) {
  WrittenBatch damaged = compress(batch_of(5, 50, 100), kZstdCodec, kOneBlock, dice);
  damaged.bytes[0] ^= 1;
  WrittenBatch unknown = compress(batch_of(5, 50, 100), kZstdCodec, kOneBlock, dice);
  unknown.header.attributes = 6;
  const WrittenBatch bomb = compress(batch_of(5, 1, 101'000'000), kZstdCodec, kOneBlock, dice);
  WrittenBatch cut = compress(batch_of(5, 50, 100), kSnappyCodec, kOneBlock, dice);
  cut.bytes.resize(cut.bytes.size() / 2);
  const struct {
    const WrittenBatch& batch;
    ErrorCode code;
    const char* text;
  } cases[] = {
      {damaged, ErrorCode::kCorruptRecordBatch,
       "the record batch at offset 5 is corrupt: its records cannot be inflated"},
      {cut, ErrorCode::kCorruptRecordBatch,
       "the record batch at offset 5 is corrupt: its records cannot be inflated"},
      {unknown, ErrorCode::kUnsupportedFormat, "no codec has the number 6"},
      {bomb, ErrorCode::kRecordTooLarge, "the record batch is too large once it is inflated"},
  };
  for (const auto& [batch, code, text] : cases) {
    make();
    push(compress(batch_of(0, 5, 100), kLz4Codec, kOneBlock, dice));
    EXPECT_TRUE(push(batch).ok()) << "not looked at yet";
    take(100);
    const Status& status = partition->status();
    EXPECT_EQ(status.code, code) << text;
    EXPECT_EQ(status.offset, 5);
    EXPECT_NE(status.message.find(text), std::string::npos) << status.message;
    EXPECT_NE(status.message.find("; "), std::string::npos) << "what to do: " << status.message;
    EXPECT_EQ(partition->released_offset(), 4) << "the good ones before it";
    EXPECT_EQ(partition->held_bytes(), 0u);
    EXPECT_EQ(alive, 0);
  }
}

// The limit is the source's: one of a Kafka client's is receive.message.max.bytes.
TEST_F(CompressedBatches, MayInflateToTheLimitOfTheirPartition) {
  const WrittenBatch plain = batch_of(0, 1, 101'000'000);
  for (const size_t below : {size_t{0}, size_t{1}}) {
    const size_t limit = plain.bytes.size() - below;
    make({0, kFar}, InflatedWindow::kStep, limit);
    push(compress(plain, kZstdCodec, kOneBlock, dice));
    EXPECT_EQ(take(101'000'000), below == 0 ? 1 : 0) << partition->status().message;
    EXPECT_EQ(partition->status().code, below == 0 ? ErrorCode::kOk : ErrorCode::kRecordTooLarge);
  }
  for (const int codec : kCodecs) {
    make({0, kFar}, 100, 20'000);
    push(compress(batch_of(0, 150, 100), codec, 1'000, dice));
    push(compress(batch_of(150, 300, 100), codec, 1'000, dice));
    EXPECT_GE(take(100), 150);
    EXPECT_EQ(partition->status().code, ErrorCode::kRecordTooLarge) << codec;
    EXPECT_EQ(partition->status().offset, 150) << codec;
  }
}

// What the length of a record says takes no memory: only what comes out does.
TEST_F(CompressedBatches, ALengthThatLiesTakesNoMemory) {
  for (const int64_t lie : {int64_t{90'000'000}, std::numeric_limits<int64_t>::max()}) {
    WrittenBatch batch = batch_of(0, 3, 10);
    write_varint(batch.bytes, lie);
    batch.bytes.resize(batch.bytes.size() + 1'000, 0);
    batch.header.record_count = 4;
    batch.header.last_offset = 3;
    make({0, kFar}, 100);
    push(compress(batch, kLz4Codec, 100, dice));
    EXPECT_EQ(take(10), 3);
    EXPECT_EQ(partition->status().code, ErrorCode::kCorruptRecordBatch);
    EXPECT_LT(windows->memory_bytes(), 100'000u);
  }
}

// Behind a fault in the first window, the next piece was inflated from memory that was freed.
TEST_F(CompressedBatches, NothingIsInflatedOfWhatIsLetGo) {
  struct Watch final : InflateAhead {
    void ask(NextPiece& piece) override { asked.insert(&piece); }
    void settle(NextPiece& piece) override { asked.erase(&piece); }
    std::set<NextPiece*> asked;
  } watch;
  WindowPool pool(100, &watch);
  Partition read({"trades", 3}, {0, kFar}, GapPolicy::kError, pool);
  WrittenBatch written = compress(batch_of(0, 50, 100), kSnappyCodec, 64, dice);
  written.header.record_count = 1;
  struct Op {
    Watch& watch;
    bool is_gone = false;
  } op{watch};
  read.push(written.batch(),
            BatchOwner(&op,
                       [](void* held) {
                         auto* const let_go = static_cast<Op*>(held);
                         let_go->is_gone = true;
                         EXPECT_TRUE(let_go->watch.asked.empty());
                       }),
            100);
  ASSERT_TRUE(read.has_head());
  EXPECT_FALSE(watch.asked.empty());
  read.release(1);
  EXPECT_TRUE(op.is_gone);
  EXPECT_EQ(read.status().code, ErrorCode::kCorruptRecordBatch);
}

}  // namespace
}  // namespace tidemark::testing
