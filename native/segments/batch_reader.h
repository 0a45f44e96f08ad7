// BatchReader: reads the record batches of one partition, in order, in pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "errors.h"
#include "log/byte_buffer.h"
#include "log/inflate.h"
#include "log/stored_batch.h"
#include "segments/offset_order.h"
#include "segments/partition_log.h"
#include "segments/piece.h"
#include "segments/segment_reader.h"

namespace tidemark {

class BatchReader {
 public:
  BatchReader(std::shared_ptr<const PartitionLog> log, int64_t start_offset)
      : log_(std::move(log)), position_(start_offset) {}
  ~BatchReader();

  // Fills `piece` up to about `bytes`, with one batch at least or the reason why there is none.
  void read(size_t bytes, Inflater& inflater, Piece& piece);

 private:
  const Segment& segment() const { return log_->segments[index_]; }
  uint64_t left() const { return segment().size - at_; }
  // Where the batch stands that has the first offset, or the one behind it.
  Status find_start();
  // What is read at once into chunk_, at at_.
  Status read_chunk(size_t bytes);
  // Takes batches from chunk_. False: nothing more goes into `piece`.
  bool take_chunk(size_t bytes, Inflater& inflater, Piece& piece);
  // Takes the one at `at` in chunk_. False: it is a fault, which `piece` has.
  bool take_batch(const StoredBatch& stored, size_t at, Inflater& inflater, Piece& piece);
  // What its header says before its bytes are there.
  Status check_header(const StoredBatch& stored) const;
  // Of what is at at_.
  Status fault(ErrorCode code, int64_t offset, const std::string& what) const;
  // Of a record batch that is not of v2.
  Status format_fault_of(const StoredBatch& stored) const;
  Place place_at(int64_t offset) const { return {log_->id.topic, log_->id.partition, offset}; }
  // Points the batches to where their records are now.
  void finish(Piece& piece);

  const std::shared_ptr<const PartitionLog> log_;
  int64_t position_;       // the offset that is to come next
  size_t index_ = 0;       // of the segment
  uint64_t at_ = 0;        // in the segment
  OffsetOrder order_;      // of the segment, as far as that
  bool is_found_ = false;  // the start
  SegmentReader file_;     // kept by OpenFiles between two reads, which may close it
  ByteBuffer chunk_;
  size_t next_bytes_ = 0;  // of a batch that was larger than the chunk; 0: not known
};

}  // namespace tidemark
