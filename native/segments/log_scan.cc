#include "segments/log_scan.h"

#include <algorithm>
#include <string>

#include "log/record_batch_decoder.h"
#include "segments/segment_tail.h"

namespace tidemark {
namespace {

// A marker has 78, and later versions of it may have some more.
constexpr uint64_t kMostMarkerBytes = 256;

Status read_whole(const SegmentReader& file, const Segment& segment, const HeaderWalk& walk,
                  ByteBuffer& bytes) {
  bytes.clear();
  const size_t size = walk.batch().bytes();
  if (!bytes.make_room(size)) return no_memory_to_read(segment.path);
  bytes.grow(size);
  return file.read(walk.position(), bytes.data(), size);
}

}  // namespace

// What is not asked for by anything but its end is not looked at. A time may be in any segment, and
// so may a transaction begin that ends in the last one.
Status LogScan::run() {
  const bool needs_all = log_.read_committed || start_.kind == Start::Kind::kTime;
  const size_t last = log_.segments.size() - 1;
  for (size_t index = needs_all ? 0 : last; index <= last; ++index) {
    if (Status status = scan(index); !status.ok())
      return with_place(status, {log_.id.topic, log_.id.partition, status.offset});
  }
  log_.end_offset = next_offset_ + (log_.has_hidden_end ? 1 : 0);
  const std::optional<int64_t> open = log_.transactions.first_open();
  if (!open) return Status();
  const Status status = end_at(*open);
  return with_place(status, {log_.id.topic, log_.id.partition, status.offset});
}

Status LogScan::end_at(int64_t first_open) {
  log_.has_hidden_end = false;
  for (size_t index = 0; index < log_.segments.size() && !log_.has_hidden_end; ++index) {
    const bool is_before =
        index + 1 < log_.segments.size() && log_.segments[index + 1].base_offset <= first_open;
    if (is_before) continue;
    if (Status status = verify(index, first_open); !status.ok()) return status;
  }
  log_.end_offset = first_open + (log_.has_hidden_end ? 1 : 0);
  return Status();
}

Status LogScan::verify(size_t index, int64_t offset) {
  const Segment& segment = log_.segments[index];
  SegmentReader file;
  if (Status status = file.open(segment); !status.ok()) return status;
  HeaderWalk walk(file, segment);
  const auto note = [&](Status fault) {
    log_.has_hidden_end = true;
    log_.end_fault = std::move(fault);
    return Status();
  };
  const auto note_fault = [&](ErrorCode code, const std::string& what) {
    return note(segment_fault(place_at(offset), code, segment.path, walk.position(), what));
  };
  for (;;) {
    if (is_cancelled_) return closed_while_opening();
    const HeaderWalk::Step step = walk.next();
    if (step == HeaderWalk::Step::kEnd) return Status();
    if (step == HeaderWalk::Step::kError) return walk.status();
    const StoredBatch& batch = walk.batch();
    if (step != HeaderWalk::Step::kBatch) {
      return note_fault(ErrorCode::kCorruptRecordBatch,
                        "the record batches behind an open transaction cannot be told apart");
    }
    if (batch.last_offset() < offset) continue;
    // Its magic may be what is damaged of a marker.
    if (!batch.is_v2())
      return note(format_fault(place_at(batch.has_old_format() ? batch.base_offset : offset),
                               batch.magic, segment.path, walk.position()));
    if (const auto fault = check_size(batch)) return note_fault(fault->code, fault->what);
    if (Status status = read_whole(file, segment, walk, bytes_); !status.ok()) return status;
    Marker marker;
    const auto fault = batch.is_control() ? open_marker(batch, bytes_.data(), inflater_, &marker)
                                          : check_content(batch, bytes_.data());
    if (fault) return note_fault(fault->code, fault->what);
  }
}

LogExtent LogScan::extent() const {
  const int64_t latest = log_.end_offset - (log_.has_hidden_end ? 1 : 0);
  return {std::min(log_.start_offset, log_.end_offset), latest, std::max(latest, next_offset_)};
}

int64_t LogScan::start_offset() const {
  const LogExtent there = extent();
  switch (start_.kind) {
    case Start::Kind::kEarliest:
      return there.start;
    case Start::Kind::kTime:
      return std::min(time_offset_.value_or(there.end), there.end);
    case Start::Kind::kLatest:
    case Start::Kind::kOffset:  // the extent says whether it is there
      break;
  }
  return there.end;
}

// A fault is told when it is read, behind the records in front of it. Who starts past it never
// reads it; so the scan goes on with the next segment. A marker may be behind the fault, and so may
// the record that a start by time looks for: the stream begins there, and tells it.
Status LogScan::scan(size_t index) {
  Segment& segment = log_.segments[index];
  const bool is_last = index + 1 == log_.segments.size();
  SegmentReader file;
  if (Status status = file.open(segment); !status.ok()) return status;
  HeaderWalk walk(file, segment);
  next_offset_ = std::max(next_offset_, segment.base_offset);
  for (;;) {
    if (is_cancelled_) return closed_while_opening();
    switch (walk.next()) {
      case HeaderWalk::Step::kBatch:
        if (Status status = take(file, walk, segment); !status.ok()) return status;
        break;
      case HeaderWalk::Step::kEnd:
        return Status();
      case HeaderWalk::Step::kError:
        return walk.status();
      case HeaderWalk::Step::kTruncated:
      case HeaderWalk::Step::kFault: {
        if (!is_last) {
          hold_transactions();
          const int64_t behind = std::max(next_offset_, log_.start_offset);
          if (is_without_time() && behind < segment.end_offset) time_offset_ = behind;
          return Status();
        }
        bool is_end = false;
        Status status = look_at_tail(file, segment, walk.position(), &is_end);
        if (is_end) segment.size = walk.position();
        log_.has_hidden_end = !is_end;
        return status;
      }
    }
  }
}

Status LogScan::take(const SegmentReader& file, const HeaderWalk& walk, const Segment& segment) {
  const StoredBatch& batch = walk.batch();
  next_offset_ = std::max(next_offset_, batch.last_offset() + 1);
  if (log_.read_committed) {
    Marker marker = Marker::kNone;
    if (Status status = look_for_marker(file, walk, segment, &marker); !status.ok()) return status;
    // Compaction goes as far as transactions are complete. Of one it may leave the last batch, with
    // no record in it, and take the marker.
    if (batch.is_transactional() && !batch.is_control() && batch.record_count > 0)
      log_.transactions.add_data(batch.producer_id, batch.base_offset);
    if (batch.is_transactional() && marker != Marker::kNone)
      log_.transactions.end(batch.producer_id, batch.base_offset, marker == Marker::kAbort);
  }
  return is_without_time() ? look_for_time(file, walk, segment) : Status();
}

// One that is damaged is told when it is read. What is damaged may be what makes it a marker: the
// magic, or the attributes. So what is as small as one is held against its checksum, too.
Status LogScan::look_for_marker(const SegmentReader& file, const HeaderWalk& walk,
                                const Segment& segment, Marker* marker) {
  const StoredBatch& stored = walk.batch();
  const bool is_small = stored.bytes() <= kMostMarkerBytes && log_.transactions.has_open();
  if (stored.is_v2() && !stored.is_control() && !is_small) return Status();
  if (!stored.is_v2() || stored.is_too_large()) {
    hold_transactions();
    return Status();
  }
  if (Status status = read_whole(file, segment, walk, bytes_); !status.ok()) return status;
  const auto fault = stored.is_control() ? open_marker(stored, bytes_.data(), inflater_, marker)
                                         : check_content(stored, bytes_.data());
  if (!fault) return Status();
  if (fault->code == ErrorCode::kOutOfMemory) return no_memory_to_read(segment.path);
  *marker = Marker::kNone;
  hold_transactions();
  return Status();
}

bool LogScan::is_past_start() const {
  switch (start_.kind) {
    case Start::Kind::kEarliest:
      return next_offset_ > log_.start_offset;
    case Start::Kind::kOffset:
      return next_offset_ > start_.offset;
    case Start::Kind::kTime:
      return time_offset_.has_value();
    case Start::Kind::kLatest:
      break;
  }
  return false;
}

// Where nothing in front of the fault is read, nobody asks how the transactions there ended.
void LogScan::hold_transactions() {
  if (is_past_start()) log_.transactions.hold();
}

Status LogScan::look_for_time(const SegmentReader& file, const HeaderWalk& walk,
                              const Segment& segment) {
  const StoredBatch& stored = walk.batch();
  if (stored.last_offset() < log_.start_offset) return Status();
  if (!stored.is_v2())
    return format_fault(place_at(stored.base_offset), stored.magic, segment.path, walk.position());
  if (stored.max_timestamp < start_.time) return Status();
  const auto fault = [&](ErrorCode code, const std::string& what) {
    return segment_fault(place_at(stored.base_offset), code, segment.path, walk.position(), what);
  };
  if (const auto found = check_size(stored)) return fault(found->code, found->what);
  if (Status status = read_whole(file, segment, walk, bytes_); !status.ok()) return status;
  inflated_.clear();
  if (const auto found = open_content(stored, bytes_.data(), inflater_, inflated_))
    return fault(found->code, found->what);
  RecordBatch batch = stored.bare(RecordBatchKind::kRecords);
  const bool is_inflated = stored.codec() != 0;
  batch.records = is_inflated ? inflated_.data() : bytes_.data() + kStoredHeaderBytes;
  batch.size = is_inflated ? inflated_.size() : bytes_.size() - kStoredHeaderBytes;
  RecordBatchDecoder decoder;
  const char* wrong = decoder.open(batch);
  while (!wrong && decoder.remaining() > 0) {
    Record record;
    size_t count = 0;
    wrong = decoder.decode(&record, 1, &count);
    if (count > 0 && record.timestamp >= start_.time && record.offset >= log_.start_offset) {
      time_offset_ = record.offset;
      return Status();
    }
  }
  return wrong ? fault(ErrorCode::kCorruptRecordBatch, wrong) : Status();
}

}  // namespace tidemark
