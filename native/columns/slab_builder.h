// SlabBuilder: collects the records that the merge releases in blocks, and has each column's writer
// append a block at a time: the one copy of key and value.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "columns/picks.h"
#include "columns/schema.h"
#include "columns/slab.h"
#include "log/batch_owner.h"

namespace tidemark {

class SlabBuilder final : public BatchKeeper {
 public:
  // At most `max_rows` rows and `max_bytes` bytes of keys and values a slab, those of `schema`
  // counted; a record larger than max_bytes comes alone.
  SlabBuilder(const Schema& schema, size_t max_rows, size_t max_bytes);
  // What a slab of those limits takes at most in memory, a larger record aside.
  size_t most_slab_bytes() const;

  // Starts an empty slab in `slab` (from the pool, or new); false when there is no memory.
  bool open(std::unique_ptr<Slab> slab);
  bool is_open() const { return slab_ != nullptr; }

  // Appends records of one partition in their order; returns how many fitted. Fewer than `count`
  // means: full, or failed() when memory ran out. The records are done with then; what they point
  // into must stay until write().
  size_t append(const Origin& origin, const Record* records, size_t count) {
    if (count > 1) return append_run(origin, records, count);
    // Interleaved partitions give single records.
    const size_t bytes = bytes_ + counted_bytes(*records);
    if (picked_ == rows_end_ || bytes > bytes_end_) return append_run(origin, records, 1);
    pick(origin, *records);
    bytes_ = bytes;
    return 1;
  }
  // Takes what the records appended so far may point into, until they are written.
  void keep(BatchOwner owner, size_t bytes) override;
  // Writes what was appended, and lets go of what was kept.
  void write();

  bool full() const { return full_ || rows() == most_rows_; }  // no further record will be taken
  bool failed() const { return failed_; }                      // out of memory
  size_t rows() const { return rows_ + picked_; }
  // Completes the columns and hands the slab over. The builder is closed.
  std::unique_ptr<Slab> finish();

 private:
  // Copies of so many records, and what they point into, lie in a near cache while the writers walk
  // over them one after another.
  static constexpr size_t kBlockRows = 64;

  // What `record` adds to the bytes of the columns of keys and values that there are.
  size_t counted_bytes(const Record& record) const {
    const auto size = [](int32_t bytes, int32_t mask) {
      return static_cast<size_t>(bytes < 0 ? 0 : bytes & mask);
    };
    return size(record.key_size, key_mask_) + size(record.value_size, value_mask_);
  }
  void pick(const Origin& origin, const Record& record) {
    records_[picked_] = record;
    origins_[picked_++] = origin;
  }
  size_t append_run(const Origin& origin, const Record* records, size_t count);
  // How many of them fit, for which there is room; their bytes are counted then.
  size_t fit(const Record* records, size_t count);
  void write_picked();
  void write_rows(const Picks& picks);
  // Writes the block, and makes sure that the next one takes `record`; false when it does not fit
  // in the slab.
  bool make_room(const Record& record);

  const size_t max_rows_;
  const size_t max_bytes_;
  std::vector<ColumnWriterPtr> writers_;
  int32_t key_mask_;  // all ones where there is such a column, else 0
  int32_t value_mask_;
  size_t fixed_bytes_;  // of memory[0]
  size_t memories_;
  size_t spans_ = 0;

  std::unique_ptr<Slab> slab_;
  size_t most_rows_ = 0;  // of this slab
  size_t rows_ = 0;       // written
  size_t bytes_ = 0;      // of keys and values appended
  size_t rows_end_ = 0;   // of the block
  size_t bytes_end_ = 0;  // for which the writers have room
  bool full_ = false;
  bool failed_ = false;

  // The block of short runs.
  size_t picked_ = 0;
  std::array<Record, kBlockRows> records_;
  std::array<Origin, kBlockRows> origins_;
  std::vector<BatchOwner> kept_;
  size_t kept_bytes_ = 0;
};

}  // namespace tidemark
