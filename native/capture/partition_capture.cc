#include "capture/partition_capture.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "capture/batch_header.h"
#include "capture/batch_trim.h"
#include "errors.h"
#include "log/byte_buffer.h"
#include "log/inflate.h"
#include "log/inflate_stream.h"
#include "log/record_batch_decoder.h"

namespace tidemark {

void PartitionCapture::start(const ReplayRange& range, GapPolicy gap_policy,
                             size_t most_inflated_bytes) {
  range_ = range;
  has_started_ = range.start_time == kNoStartTime;
  position_ = range.start_offset;
  captured_ = std::max(captured_, position_);
  gap_policy_ = gap_policy;
  most_inflated_bytes_ = most_inflated_bytes;
  is_over_ = false;
}

// As the merge has it (Partition::check).
bool PartitionCapture::follows_on(const RecordBatch& batch) const {
  return RecordBatchDecoder::check_header(batch) == nullptr && batch.last_offset >= position_ &&
         (batch.base_offset <= position_ || gap_policy_ == GapPolicy::kCount);
}

// Kafka's indexes of a segment count bytes and offsets in 31 bits.
constexpr int64_t kMostOffsets = std::numeric_limits<int32_t>::max();

bool PartitionCapture::has_room(const RecordBatch& batch) const {
  const auto bytes = static_cast<int64_t>(kStoredHeaderBytes + batch.size);
  return segment_->bytes() + bytes <= segment_bytes_ &&
         batch.last_offset - segment_->base_offset() <= kMostOffsets;
}

// Where the stream was, so that a replay counts the gap before the first record batch, too.
int64_t PartitionCapture::segment_begin(const RecordBatch& first) const {
  return first.last_offset - captured_ <= kMostOffsets ? captured_ : first.base_offset;
}

InflateOutcome PartitionCapture::inflate(RecordBatch* batch, ByteBuffer& to) const {
  if (!batch->is_compressed) return InflateOutcome::kOk;
  Inflater inflater(most_inflated_bytes_);
  const InflateOutcome outcome = inflater.inflate(batch->codec(), batch->records, batch->size, to);
  batch->is_compressed = false;
  batch->records = to.data();
  batch->size = to.size();
  return outcome;
}

// As the merge has it (Partition::take_decoded).
InflateOutcome PartitionCapture::look_for_start(const RecordBatch& fetched) {
  RecordBatch batch = fetched;
  ByteBuffer records;
  if (batch.kind == RecordBatchKind::kRecords && batch.record_count > 0) {
    if (const auto outcome = inflate(&batch, records); outcome != InflateOutcome::kOk)
      return outcome;
    RecordBatchDecoder decoder;
    const char* fault = decoder.open(batch);
    while (fault == nullptr && decoder.remaining() > 0) {
      Record record;
      size_t count = 0;
      fault = decoder.decode(&record, 1, &count);
      if (count == 0 || record.offset < captured_ || range_.is_before_start(record)) continue;
      has_started_ = true;
      captured_ = record.offset;
      return InflateOutcome::kOk;
    }
    if (fault != nullptr) return InflateOutcome::kCorrupt;
  }
  captured_ = std::max(captured_, batch.last_offset + 1);
  return InflateOutcome::kOk;
}

InflateOutcome PartitionCapture::cut(RecordBatch* batch, ByteBuffer& to) {
  const bool is_in_place = batch->is_compressed;
  InflateOutcome outcome = inflate(batch, to);
  if (!is_in_place && !to.make_room(batch->size)) outcome = InflateOutcome::kNoMemory;
  // Records that were inflated are cut where they are: they become shorter.
  if (outcome == InflateOutcome::kOk && !trim_batch(batch, captured_, to.data()))
    outcome = InflateOutcome::kCorrupt;
  return outcome;
}

// Where the stream takes no more than a replay does, it ends at what is larger, and so does a
// replay: there is nothing to find out. What is corrupt has the size of what comes before its
// fault.
size_t PartitionCapture::inflated_size(const RecordBatch& batch) const {
  if (!batch.is_compressed || most_inflated_bytes_ <= kMostInflatedBytes) return batch.size;
  constexpr size_t kPiece = 256 * 1024;
  InflateStates states;
  InflateStream stream(states);
  ByteBuffer piece;
  auto outcome = stream.open(batch.codec(), batch.records, batch.size, most_inflated_bytes_);
  while (outcome == InflateOutcome::kOk && !stream.is_at_end()) {
    piece.clear();
    outcome = stream.read(kPiece, piece);
  }
  return stream.given();
}

Status PartitionCapture::write(const RecordBatch& fetched, Clock::time_point now) {
  RecordBatch batch = fetched;
  is_over_ = is_over_ || !follows_on(batch);
  if (is_over_) return Status();
  position_ = batch.last_offset + 1;
  ByteBuffer records;
  InflateOutcome outcome = has_started_ ? InflateOutcome::kOk : look_for_start(batch);
  if (outcome == InflateOutcome::kOk && position_ <= captured_) return Status();
  if (outcome == InflateOutcome::kOk && batch.base_offset < captured_)
    outcome = cut(&batch, records);
  if (outcome == InflateOutcome::kNoMemory) return capture_error("write to", folder_, ENOMEM);
  is_over_ = outcome != InflateOutcome::kOk;  // the stream finds the same fault in it
  if (is_over_) return Status();
  if (const size_t size = inflated_size(batch); size > kMostInflatedBytes)
    return capture_batch_too_large(folder_, size);

  if (segment_ != nullptr && !has_room(batch)) {
    if (Status status = finish(now); !status.ok()) return status;
  }
  if (segment_ == nullptr) {
    segment_ = std::make_unique<SegmentWriter>(disk_, folder_, segment_begin(batch), now);
    if (Status status = segment_->create(); !status.ok()) {
      segment_.reset();
      return status;
    }
  }
  Status status = segment_->append(batch);
  if (status.ok()) captured_ = position_;
  return status;
}

Status PartitionCapture::finish(Clock::time_point now) {
  const std::unique_ptr<SegmentWriter> segment = std::move(segment_);
  if (segment == nullptr) return Status();
  Status status = segment->finish();
  if (status.ok()) retention_.add(segment->path(), segment->bytes(), now);
  return status;
}

}  // namespace tidemark
