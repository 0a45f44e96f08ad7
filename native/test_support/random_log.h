// Log: what one partition of a simulation holds, made from dice.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "merge/partition.h"
#include "test_support/compressed_batch.h"
#include "test_support/dice.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {

struct LogRecord {
  int64_t offset;
  int64_t timestamp;
  std::optional<std::string> key, value;
};

// What one partition's log holds, and what the merge is told to do with it.
struct Log {
  PartitionId id{"topic", 0};
  ReplayRange range{};
  GapPolicy gap_policy = GapPolicy::kError;
  std::vector<WrittenBatch> batches;
  std::vector<LogRecord> records;  // those that can be read: none behind the fault
  int64_t log_end = 0;
  bool faulty = false;     // reading ends in an error ...
  int64_t fault_at = 0;    // ... at this offset: nothing at or past it can be read
  size_t fault_batch = 0;  // in this one of the batches
  ErrorCode fault_code = ErrorCode::kOk;

  // Nothing at or past `offset` can be read.
  void end_in_fault(int64_t offset, ErrorCode code) {
    faulty = true;
    fault_at = offset;
    fault_code = code;
    const auto lost =
        std::find_if(records.begin(), records.end(),
                     [offset](const LogRecord& record) { return record.offset >= offset; });
    records.erase(lost, records.end());
  }
};

enum class TimeLayout { kRandom, kBlocked, kOneAfterAnother, kReversed, kTied, kCount };

inline int64_t timestamp_of(TimeLayout layout, int64_t partition, int64_t partitions, int64_t n,
                            Dice& dice) {
  constexpr int64_t kEighth = 1000;
  switch (layout) {
    case TimeLayout::kRandom:
      return 10 * n + dice.below(10);
    case TimeLayout::kBlocked:
      return ((n / 4) * partitions + partition) * 4 + n % 4;
    case TimeLayout::kOneAfterAnother:
      return partition * kEighth + n;
    case TimeLayout::kReversed:
      return (partitions - partition) * kEighth + n;
    default:
      return n / 3;
  }
}

// Rare in a log, but each of them has to be an ordinary number.
inline int64_t odd_timestamp(int64_t usual, Dice& dice) {
  switch (dice.below(6)) {
    case 0:
    case 1:
      return kNoTimestamp;
    case 2:
      return usual - 25;  // late
    case 3:
      return -5 - dice.below(100);
    case 4:
      return std::numeric_limits<int64_t>::max() - dice.below(2);
    default:
      return std::numeric_limits<int64_t>::min() + dice.below(2);
  }
}

inline std::optional<std::string> bytes_of(Dice& dice) {
  if (dice.one_in(6)) return std::nullopt;
  return std::string(static_cast<size_t>(dice.below(6)), static_cast<char>('a' + dice.below(26)));
}

// Puts one fault into the log, where there is room for it.
inline void break_log(Log& log, Dice& dice) {
  const size_t at = static_cast<size_t>(dice.below(static_cast<int64_t>(log.batches.size())));
  const auto place = log.batches.begin() + static_cast<std::ptrdiff_t>(at);
  RecordBatch& header = place->header;
  const int64_t start = log.range.start_offset;
  const int64_t position = at == 0 ? start : place[-1].header.last_offset + 1;
  int64_t fault_at = position;
  ErrorCode code = ErrorCode::kCorruptRecordBatch;
  switch (dice.below(6)) {
    case 0:  // lost: what follows leaves a gap
      if (log.gap_policy == GapPolicy::kCount || place + 1 == log.batches.end()) return;
      code = ErrorCode::kOffsetGap;
      log.batches.erase(place);
      break;
    case 1:  // truncated: older ones come again
      if (at == 0) return;
      code = ErrorCode::kOffsetStepBack;
      log.batches.insert(place, WrittenBatch(place[-1]));
      break;
    case 2:  // a header that no batch can have
      header.last_offset = header.base_offset - 1;
      break;
    case 3:  // compressed by a codec that nobody knows: noticed when its turn comes
      if (header.record_count == 0) return;
      *place = compress(*place, dice);
      header.attributes |= 5;
      fault_at = std::max(position, header.base_offset);
      code = ErrorCode::kUnsupportedFormat;
      break;
    case 4:  // what was compressed is not that any more
      if (header.record_count == 0) return;
      *place = compress(*place, dice);
      place->bytes = Bytes(20, 0xff);
      fault_at = std::max(position, header.base_offset);
      break;
    default:  // a byte too many: noticed behind the last record
      if (header.record_count == 0) return;
      place->bytes.push_back(0);
      for (const LogRecord& record : log.records) {
        if (record.offset <= header.last_offset) {
          fault_at = std::max(fault_at, record.offset + 1);
        }
      }
  }
  log.fault_batch = at;
  log.end_in_fault(fault_at, code);
}

// Starts the log by time, where a broker has answered with the start of its range. The records in
// front of the first one at or past the time are not asked for.
inline void start_by_time(Log& log, Dice& dice) {
  if (log.records.empty()) return;
  const auto any = static_cast<size_t>(dice.below(static_cast<int64_t>(log.records.size())));
  const int64_t time = log.records[any].timestamp;
  log.range.start_time =
      dice.one_in(3) && time < std::numeric_limits<int64_t>::max() ? time + 1 : time;
  const auto first = std::find_if(log.records.begin(), log.records.end(), [&](const LogRecord& r) {
    return !log.range.is_before_start({r.offset, r.timestamp, 0, nullptr, nullptr, 0, 0});
  });
  log.records.erase(log.records.begin(), first);
}

inline Log make_log(TimeLayout layout, int64_t partition, int64_t partitions, bool odd, bool faulty,
                    Dice& dice) {
  Log log;
  int64_t offset = dice.below(5);
  const int64_t log_start = offset;
  const int64_t batches = dice.below(7);
  int64_t n = 0;
  for (int64_t i = 0; i < batches; ++i) {
    const int64_t base = offset;
    const int64_t shape = dice.below(8);
    if (shape == 0) {
      log.batches.push_back(bare_batch(RecordBatchKind::kControl, base, base));
      offset = base + 1;
    } else if (shape == 1) {
      const int64_t last = base + dice.below(4);
      const auto kind = dice.one_in(2) ? RecordBatchKind::kAborted : RecordBatchKind::kRecords;
      log.batches.push_back(bare_batch(kind, base, last));
      offset = last + 1;
    } else {
      const bool holes = dice.one_in(3);
      const bool append_time = dice.one_in(8);
      const int64_t count = dice.one_in(20) ? 60 + dice.below(80) : 1 + dice.below(8);
      const int64_t append_timestamp = timestamp_of(layout, partition, partitions, n + count, dice);
      RecordBatchWriter writer(base, dice.below(2000) - 500);
      if (holes) offset += dice.below(3);
      int64_t last = base;
      for (int64_t j = 0; j < count; ++j, ++n) {
        int64_t timestamp = timestamp_of(layout, partition, partitions, n, dice);
        if (odd && dice.one_in(10)) timestamp = odd_timestamp(timestamp, dice);
        const LogRecord record{offset, append_time ? append_timestamp : timestamp, bytes_of(dice),
                               bytes_of(dice)};
        WrittenRecord written{offset, timestamp, record.key, record.value, {}};
        if (dice.one_in(10)) written.headers = {{"h", "x"}, {"", std::nullopt}};
        writer.add(written);
        log.records.push_back(record);
        last = offset;
        offset += 1 + (holes && dice.one_in(3) ? dice.below(4) : 0);
      }
      if (append_time) writer.log_append_time(append_timestamp);
      if (holes) last += dice.below(3);
      writer.last_offset(last);
      offset = last + 1;
      log.batches.push_back(writer.finish());
    }
    if (dice.one_in(12)) {  // compaction took whole batches
      log.gap_policy = GapPolicy::kCount;
      offset += dice.below(5);
    }
  }
  log.log_end = offset;
  const int64_t span = offset - log_start;
  log.range.start_offset = log_start + (dice.one_in(3) && span > 0 ? dice.below(span) : 0);
  log.range.end_offset =
      dice.one_in(3) ? log.range.start_offset + dice.below(span + 1) : log.log_end;
  log.range.end_offset = std::min(log.range.end_offset, log.log_end);
  if (odd && dice.one_in(4)) log.range.cutoff = 20 + dice.below(partitions * 100);
  // Those before the start are not asked for.
  const auto before_start = [&log](int64_t last) { return last < log.range.start_offset; };
  log.records.erase(std::remove_if(log.records.begin(), log.records.end(),
                                   [&](const LogRecord& r) { return before_start(r.offset); }),
                    log.records.end());
  log.batches.erase(
      std::remove_if(log.batches.begin(), log.batches.end(),
                     [&](const WrittenBatch& b) { return before_start(b.header.last_offset); }),
      log.batches.end());
  if (faulty && !log.batches.empty()) break_log(log, dice);
  return log;
}

}  // namespace tidemark::testing
