#include "segments/batch_reader.h"

#include <algorithm>
#include <utility>

#include "segments/batch_content.h"
#include "segments/header_walk.h"
#include "segments/open_files.h"
#include "segments/read_header.h"

namespace tidemark {
namespace {

// Where records are before the buffers have found their places: an offset, not an address.
const uint8_t* place(size_t offset) { return reinterpret_cast<const uint8_t*>(offset); }
size_t offset_of(const uint8_t* place) { return reinterpret_cast<size_t>(place); }

}  // namespace

BatchReader::~BatchReader() { OpenFiles::of_process().take_back(file_); }

void BatchReader::read(size_t bytes, Inflater& inflater, Piece& piece) {
  OpenFiles::of_process().take_back(file_);
  Status status = is_found_ ? Status() : find_start();
  is_found_ = status.ok();
  while (status.ok()) {
    if (left() == 0 && index_ + 1 < log_->segments.size()) {
      file_.close();
      ++index_;
      at_ = 0;
      order_ = OffsetOrder(segment());
      continue;
    }
    if (left() == 0) {
      piece.reach = log_->end_offset;
      break;
    }
    status = read_chunk(bytes);
    if (!status.ok() || !take_chunk(bytes, inflater, piece)) break;
  }
  if (!status.ok()) {
    piece.status = with_place(std::move(status), place_at(position_));
  }
  finish(piece);
  if (piece.is_last()) file_.close();
  if (file_.is_open()) OpenFiles::of_process().keep(file_);
}

Status BatchReader::find_start() {
  const std::vector<Segment>& segments = log_->segments;
  while (index_ + 1 < segments.size() && segments[index_ + 1].base_offset <= position_)
    ++index_;
  if (Status status = file_.open(segment()); !status.ok()) return status;
  HeaderWalk walk(file_, segment());
  HeaderWalk::Step step;
  do {
    step = walk.next();
  } while (step == HeaderWalk::Step::kBatch && walk.batch().last_offset() < position_);
  at_ = walk.position();
  order_ = walk.order();
  return step == HeaderWalk::Step::kError ? walk.status() : Status();
}

Status BatchReader::read_chunk(size_t bytes) {
  if (!file_.is_open()) {
    if (Status status = file_.open(segment()); !status.ok()) return status;
  }
  const size_t size =
      std::min<uint64_t>(std::max({bytes, next_bytes_, kStoredHeaderBytes}), left());
  chunk_.clear();
  if (!chunk_.make_room(size)) return no_memory_to_read(segment().path);
  chunk_.grow(size);
  next_bytes_ = 0;
  return file_.read(at_, chunk_.data(), size);
}

bool BatchReader::take_chunk(size_t bytes, Inflater& inflater, Piece& piece) {
  bool holds_stored = false;
  bool is_done = false;
  size_t at = 0;
  while (!is_done) {
    const size_t in_chunk = chunk_.size() - at;
    if (in_chunk < kStoredHeaderBytes && in_chunk < left()) break;
    if (left() == 0) break;
    const std::optional<StoredBatch> header = read_header(chunk_.data() + at, in_chunk);
    if (!header) {
      piece.status = fault(ErrorCode::kCorruptRecordBatch, position_,
                           "the segment ends within the header of a record batch");
      is_done = true;
      break;
    }
    const StoredBatch& stored = *header;
    const bool is_whole = !stored.fault() && stored.bytes() <= in_chunk;
    if (!log_->end_fault.ok() && stored.base_offset >= log_->end_offset - 1) {
      piece.status = log_->end_fault;
      is_done = true;
      break;
    }
    if (!stored.fault() && !order_.fault(stored) && stored.base_offset >= log_->end_offset &&
        !log_->has_hidden_end) {
      piece.reach = log_->end_offset;
      is_done = true;
      break;
    }
    if (!is_whole && !stored.fault() && stored.is_v2() && stored.bytes() <= left() &&
        !stored.is_too_large()) {
      next_bytes_ = stored.bytes();
      break;
    }
    is_done = !take_batch(stored, at, inflater, piece);
    if (is_done) break;
    holds_stored |= stored.codec() == 0 && piece.batches.back().size > 0;
    position_ = stored.last_offset() + 1;
    order_.take(stored);
    at += stored.bytes();
    at_ += stored.bytes();
    is_done = piece.inflated.size() + at >= bytes;
  }
  if (holds_stored) piece.stored.swap(chunk_);
  // What is not compressed points into this chunk: the next one has no place in the piece.
  return !is_done && piece.batches.empty();
}

// As librdkafka: what is unknown comes first, since the rest of a header follows from its format.
Status BatchReader::check_header(const StoredBatch& stored) const {
  if (!stored.has_known_format()) return format_fault_of(stored);
  if (const char* const wrong = stored.fault())
    return fault(ErrorCode::kCorruptRecordBatch, position_, wrong);
  if (stored.bytes() > left()) {
    return fault(ErrorCode::kCorruptRecordBatch, position_,
                 "the record batch runs past the end of its segment");
  }
  if (const char* const wrong = order_.fault(stored)) {
    return fault(ErrorCode::kOffsetStepBack, position_,
                 std::string("a record batch is out of place: ") + wrong);
  }
  if (!stored.is_v2()) return format_fault_of(stored);
  if (const auto wrong = check_size(stored))
    return fault(wrong->code, stored.base_offset, wrong->what);
  return Status();
}

bool BatchReader::take_batch(const StoredBatch& stored, size_t at, Inflater& inflater,
                             Piece& piece) {
  piece.status = check_header(stored);
  if (!piece.status.ok()) return false;
  const uint8_t* const bytes = chunk_.data() + at;
  const bool is_aborted = !stored.is_control() && stored.is_transactional() &&
                          log_->read_committed &&
                          log_->transactions.is_aborted(stored.producer_id, stored.base_offset);
  const size_t inflated_at = piece.inflated.size();
  std::optional<ContentFault> content_fault;
  Marker marker;
  if (stored.is_control()) {
    content_fault = open_marker(stored, bytes, inflater, &marker);
  } else if (is_aborted) {
    content_fault = check_content(stored, bytes);
  } else {
    content_fault = open_content(stored, bytes, inflater, piece.inflated);
  }
  if (content_fault) {
    piece.status = fault(content_fault->code, stored.base_offset, content_fault->what);
    return false;
  }
  if (stored.is_control() || is_aborted) {
    piece.batches.push_back(
        stored.bare(is_aborted ? RecordBatchKind::kAborted : RecordBatchKind::kControl));
    return true;
  }
  RecordBatch batch = stored.bare(RecordBatchKind::kRecords);
  const bool is_inflated = stored.codec() != 0;
  batch.size =
      is_inflated ? piece.inflated.size() - inflated_at : stored.bytes() - kStoredHeaderBytes;
  batch.records = place(is_inflated ? inflated_at : at + kStoredHeaderBytes);
  piece.batches.push_back(batch);
  return true;
}

Status BatchReader::fault(ErrorCode code, int64_t offset, const std::string& what) const {
  return segment_fault(place_at(offset), code, segment().path, at_, what);
}

Status BatchReader::format_fault_of(const StoredBatch& stored) const {
  const int64_t offset = stored.has_old_format() ? stored.base_offset : position_;
  return format_fault(place_at(offset), stored.magic, segment().path, at_);
}

void BatchReader::finish(Piece& piece) {
  for (RecordBatch& batch : piece.batches) {
    const bool is_inflated = (batch.attributes & 7) != 0;
    const uint8_t* const base = is_inflated ? piece.inflated.data() : piece.stored.data();
    batch.records = batch.size == 0 ? nullptr : base + offset_of(batch.records);
  }
}

}  // namespace tidemark
