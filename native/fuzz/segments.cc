#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/plain_log.h"
#include "fuzz/targets.h"
#include "segments/batch_reader.h"
#include "segments/log_lookup.h"
#include "test_support/dice.h"
#include "test_support/log_folder.h"

namespace tidemark::testing {
namespace {

void put_at(Bytes& bytes, size_t at, uint64_t value, size_t size) {
  for (size_t i = size; i-- > 0; value >>= 8) {
    if (at + i < bytes.size()) bytes[at + i] = static_cast<uint8_t>(value);
  }
}

// What the checksum covers was changed by somebody who knows it.
void reseal(Bytes& batch) {
  if (batch.size() > 21) put_at(batch, 17, crc32c(batch.data() + 21, batch.size() - 21), 4);
}

WrittenBatch some_records(int64_t offset, Dice& dice) {
  RecordBatchWriter writer(offset, offset);
  const int64_t count = dice.below(4);
  for (int64_t i = 0; i < count; ++i) {
    const std::string value(static_cast<size_t>(dice.below(90)), 'v');
    writer.add({offset + i, offset + i, "k", value, {}});
  }
  if (count == 0 || dice.one_in(8)) writer.last_offset(offset + count + dice.below(3));
  return writer.finish();
}

Bytes some_marker(int64_t offset, int64_t producer_id, Dice& dice) {
  if (!dice.one_in(4)) return marker_of(producer_id, offset, dice.one_in(2));
  std::string key(static_cast<size_t>(dice.below(7)), '\0');
  for (char& byte : key)
    byte = static_cast<char>(dice.below(3));
  RecordBatchWriter writer(offset, offset);
  if (!dice.one_in(4)) writer.add({offset, offset, key, "marker", {}});
  return stored(writer.finish(), {kTransactional | kControl, producer_id});
}

// gzip, of bytes that are stored as they are.
Bytes gzip_of(const Bytes& plain) {
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, static_cast<uLong>(plain.size())));
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

Bytes some_batch(int64_t offset, int64_t* last_offset, Dice& dice) {
  const int64_t producer_id = dice.below(3);
  if (dice.one_in(4)) {
    *last_offset = offset;
    return some_marker(offset, producer_id, dice);
  }
  WrittenBatch written = some_records(offset, dice);
  *last_offset = written.header.last_offset;
  StoredExtras extras{static_cast<int16_t>(dice.one_in(2) ? kTransactional : 0), producer_id};
  if (dice.one_in(4)) {
    extras.attributes |= 1;
    written.bytes = gzip_of(written.bytes);
  }
  return stored(written, extras);
}

void damage(Bytes& batch, Dice& dice) {
  const auto place = static_cast<size_t>(
      dice.one_in(2) ? dice.below(61) : dice.below(static_cast<int64_t>(batch.size())));
  switch (dice.below(8)) {
    case 0:
      if (place < batch.size()) batch[place] ^= static_cast<uint8_t>(1 << dice.below(8));
      break;
    case 1:
      put_at(batch, 0, static_cast<uint64_t>(dice.one_in(2) ? dice.below(40) : dice()), 8);
      break;
    case 2:
      put_at(batch, 8, dice.one_in(2) ? dice() : static_cast<uint64_t>(dice.below(300)), 4);
      break;
    case 3:
      put_at(batch, 16, dice(), 1);  // magic
      break;
    case 4:
      put_at(batch, 21, dice(), 2);  // attributes
      break;
    case 5:
      put_at(batch, dice.one_in(2) ? 23 : 57, dice(), 4);  // last offset, record count
      break;
    case 6:
      batch.resize(std::min(place, batch.size()));
      return;
    default:
      batch.insert(batch.begin() + static_cast<long>(std::min(place, batch.size())),
                   static_cast<size_t>(1 + dice.below(70)), static_cast<uint8_t>(dice.below(3)));
  }
  if (!dice.one_in(3)) reseal(batch);
}

std::vector<PlainSegment> some_segments(Dice& dice) {
  std::vector<PlainSegment> segments;
  int64_t offset = dice.below(5);
  for (int64_t left = 1 + dice.below(3); left > 0; --left) {
    Bytes bytes;
    const int64_t base_offset = offset;
    for (int64_t batches = dice.below(6); batches > 0; --batches) {
      int64_t last_offset = offset;
      Bytes batch = some_batch(offset, &last_offset, dice);
      if (dice.one_in(6)) damage(batch, dice);
      bytes = std::move(bytes) + batch;
      offset = last_offset + 1 + (dice.one_in(8) ? dice.below(4) : 0);
    }
    if (dice.one_in(6)) bytes = std::move(bytes) + Bytes(static_cast<size_t>(dice.below(200)), 0);
    segments.push_back({base_offset, std::string(bytes.begin(), bytes.end())});
    offset = std::max(offset, base_offset + 1);
  }
  if (dice.one_in(4)) {
    const Bytes rest = dice.take_rest();
    segments.back().bytes.append(rest.begin(), rest.end());
  }
  return segments;
}

void check_batch(const RecordBatch& batch, const PlainRead::Batch& plain) {
  ASSERT_EQ(batch.kind, plain.kind);
  ASSERT_EQ(batch.base_offset, plain.base_offset);
  ASSERT_EQ(batch.last_offset, plain.last_offset);
  ASSERT_TRUE(std::string(reinterpret_cast<const char*>(batch.records), batch.size) ==
              plain.records)
      << "other records";
}

void check(const std::shared_ptr<const PartitionLog>& log, int64_t start, size_t piece_bytes,
           const PlainRead& expected) {
  BatchReader reader(log, start);
  Inflater inflater;
  size_t seen = 0;
  for (;;) {
    tidemark::Piece piece;
    reader.read(piece_bytes, inflater, piece);
    for (const RecordBatch& batch : piece.batches) {
      ASSERT_LT(seen, expected.batches.size()) << "a batch that is none";
      check_batch(batch, expected.batches[seen++]);
    }
    ASSERT_TRUE(piece.is_last() || !piece.batches.empty()) << "it does not go on";
    if (!piece.is_last()) continue;
    ASSERT_EQ(seen, expected.batches.size()) << "a batch is missing: " << piece.status.message;
    ASSERT_EQ(piece.status.ok(), expected.end.has_value()) << piece.status.message;
    if (piece.status.ok()) {
      ASSERT_EQ(piece.reach, expected.end);
      return;
    }
    ASSERT_EQ(expected.faults.count(piece.status.code), 1u) << piece.status.message;
    ASSERT_EQ(piece.status.topic, "t");
    ASSERT_EQ(piece.status.partition, 0);
    ASSERT_GE(piece.status.offset, 0);
    return;
  }
}

}  // namespace

void fuzz_segments(const uint8_t* bytes, size_t size) {
  Dice dice(bytes, size);
  const bool read_committed = dice.one_in(2);
  // Such small pieces are never asked for, but no file here is larger.
  const auto piece_bytes = static_cast<size_t>(64 + dice.below(1'000));
  const int64_t skip = dice.one_in(3) ? dice.below(20) : 0;
  const std::vector<PlainSegment> segments = some_segments(dice);

  static LogFolder folder;
  std::filesystem::remove_all(folder.path() + "/t-0");
  for (const PlainSegment& segment : segments) {
    folder.write("t-0", segment.base_offset, Bytes(segment.bytes.begin(), segment.bytes.end()));
  }
  Demand demand;
  demand.topics = {{"t", {}}};
  demand.read_committed = read_committed;
  demand.budget = {1 << 20, true};
  FoundLogs found;
  const std::atomic<bool> is_cancelled{false};
  const Status status = look_up_logs(folder.path(), demand, is_cancelled, &found);
  ASSERT_TRUE(status.ok()) << status.message;
  ASSERT_EQ(found.logs.size(), 1u);
  // No start is behind the end.
  const int64_t latest = found.logs[0]->end_offset - (found.logs[0]->has_hidden_end ? 1 : 0);
  const int64_t start = std::min(segments.front().base_offset + skip, latest);
  check(found.logs[0], start, piece_bytes, PlainLog(segments, read_committed).read(start));
}

}  // namespace tidemark::testing
