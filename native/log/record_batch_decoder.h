// RecordBatchDecoder: walks the records section of one v2 record batch in place.
//
// Its bytes are hostile: every varint, length and count is checked against the batch's end, and
// nothing outside [records, records + size) is ever read. The section of a compressed batch is
// walked window by window, as it is inflated: a window may end anywhere.
// Format: Kafka protocol guide, "Record Batch", magic 2.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log/record.h"
#include "log/record_batch.h"

namespace tidemark {

class RecordBatchDecoder {
 public:
  // What is wrong with the header of `batch` as a static text, or nullptr. librdkafka checks none
  // of it: last_offset < base_offset, a span of 2^31 and a wrong count all arrive as good ones.
  static const char* check_header(const RecordBatch& batch);

  // Starts on `batch`; its bytes must stay valid until the last decoded record has been used.
  // Those of a compressed one are not looked at: what comes out of them is given by refill().
  // Returns nullptr, or what is wrong with the header as a static text.
  const char* open(const RecordBatch& batch);

  // The next window of a section that is compressed: what was unread() of the one before, and what
  // follows. `is_last`: the section ends with it. Decoded records point into their own window.
  void refill(const uint8_t* window, size_t size, bool is_last);
  // Bytes of the window that are not decoded yet: less than a record once decode() gives none.
  size_t unread() const { return static_cast<size_t>(end_ - cursor_); }
  // Bytes from the next record's first to its last, as its length says, or one more than there are
  // where that cannot be read either. Hostile, too: it may be anything.
  size_t wanted() const;

  // Decodes up to `capacity` records into `out` (merge_key is left alone), sets `*count`. Without a
  // fault there are fewer only behind the last record, or where the window ends.
  // Returns nullptr, or what is wrong as a static text; then `*count` records before the fault are
  // good and next_offset() is the offset from which nothing could be read. The call that decodes
  // the last record also checks that no byte is left over.
  const char* decode(Record* out, size_t capacity, size_t* count);

  // Records of the batch not decoded yet.
  int32_t remaining() const { return remaining_; }
  // Nothing is left to look at, and no window is to come.
  bool is_done() const { return remaining_ == 0 && is_last_ && cursor_ == end_; }

  // One past the last decoded record; base_offset at first.
  int64_t next_offset() const { return base_offset_ + last_offset_delta_ + 1; }

 private:
  // Decodes the record at cursor_ and moves it behind it; returns nullptr or what is wrong.
  // Inlined, since a call a record, and its state in memory, cost a third of the decoding.
  __attribute__((always_inline)) inline const char* decode_one(Record* out);
  // The next record is not all there, and a window is to come.
  bool is_cut_off() const;

  const uint8_t* cursor_ = nullptr;
  const uint8_t* end_ = nullptr;
  int64_t base_offset_ = 0;
  int64_t span_ = 0;                // last_offset - base_offset
  int64_t last_offset_delta_ = -1;  // of the last decoded record
  uint64_t origin_timestamp_ = 0;   // what the deltas are added to
  uint64_t delta_mask_ = 0;         // 0 with log-append time: the deltas are to be ignored
  int32_t remaining_ = 0;
  bool is_last_ = true;  // the section ends at end_
};

}  // namespace tidemark
