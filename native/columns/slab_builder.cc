#include "columns/slab_builder.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "columns/column_buffers.h"

namespace tidemark {

namespace {

// A block that points into more than this is written at once: record batches that are done with are
// beside the budget, and there may be a large one for each record.
// From here on to copy the records takes longer than to have the writers called for them.
constexpr size_t kLongRun = 8;
constexpr size_t kMostKept = 64;
constexpr size_t kMostKeptBytes = 1024 * 1024;

int32_t mask_of(const Schema& schema, const char* name) {
  const bool has = std::any_of(schema.begin(), schema.end(), [name](const Column& column) {
    return std::strcmp(column.name, name) == 0;
  });
  return has ? -1 : 0;
}

}  // namespace

SlabBuilder::SlabBuilder(const Schema& schema, size_t max_rows, size_t max_bytes)
    : max_rows_(max_rows),
      // Arrow's Binary has 32-bit offsets. A record that comes alone has int32 sizes itself.
      max_bytes_(std::min<size_t>(max_bytes, std::numeric_limits<int32_t>::max())),
      key_mask_(mask_of(schema, "key")),
      value_mask_(mask_of(schema, "value")) {
  for (const Column& column : schema) {
    writers_.push_back(column.writer());
    spans_ += writers_.back()->buffers();
  }
  SlabLayout layout(max_rows, SlabHead::bytes(spans_, writers_.size()));
  for (const ColumnWriterPtr& writer : writers_)
    writer->place(layout);
  fixed_bytes_ = layout.bytes();
  memories_ = layout.memories();
  kept_.reserve(kMostKept);
}

size_t SlabBuilder::most_slab_bytes() const {
  // See Bytes::reserve.
  return fixed_bytes_ + max_bytes_ + max_bytes_ / 2 + (memories_ - 1) * 2 * Bytes::kRoom;
}

bool SlabBuilder::open(std::unique_ptr<Slab> slab) {
  if (slab == nullptr) return false;
  slab->clear();
  slab->memory.resize(memories_);
  if (!slab->memory[0].reserve(fixed_bytes_)) return false;
  for (const ColumnWriterPtr& writer : writers_)
    writer->open(*slab);
  slab_ = std::move(slab);
  rows_ = bytes_ = rows_end_ = bytes_end_ = 0;
  most_rows_ = max_rows_;
  full_ = failed_ = false;
  return true;
}

bool SlabBuilder::make_room(const Record& record) {
  write();
  if (full() || failed_) return false;
  const size_t size = counted_bytes(record);
  const bool too_large = bytes_ + size > max_bytes_;
  if (too_large && rows_ > 0) {
    full_ = true;
    return false;
  }
  if (too_large) most_rows_ = 1;
  rows_end_ = std::min(kBlockRows, most_rows_ - rows_);
  if (bytes_ + size <= bytes_end_) return true;
  size_t room = too_large ? size : max_bytes_ - bytes_;
  for (const ColumnWriterPtr& writer : writers_) {
    if (!writer->reserve(size, max_bytes_)) {
      failed_ = true;
      return false;
    }
    room = std::min(room, writer->room());
  }
  bytes_end_ = bytes_ + room;
  return true;
}

size_t SlabBuilder::append_run(const Origin& origin, const Record* records, size_t count) {
  size_t appended = 0;
  while (appended < count) {
    const size_t fitting = fit(records + appended, count - appended);
    if (fitting == 0) {
      if (!make_room(records[appended])) break;
      continue;
    }
    if (fitting < kLongRun) {
      for (size_t i = 0; i < fitting; ++i)
        pick(origin, records[appended + i]);
    } else {
      write_picked();
      write_rows({records + appended, &origin, 0, fitting});
    }
    appended += fitting;
  }
  return appended;
}

size_t SlabBuilder::fit(const Record* records, size_t count) {
  const size_t most = std::min(count, rows_end_ - picked_);
  size_t bytes = bytes_, fitting = 0;
  for (; fitting < most; ++fitting) {
    const size_t end = bytes + counted_bytes(records[fitting]);
    if (end > bytes_end_) break;
    bytes = end;
  }
  bytes_ = bytes;
  return fitting;
}

void SlabBuilder::write_rows(const Picks& picks) {
  for (const ColumnWriterPtr& writer : writers_)
    writer->write(picks, rows_);
  rows_ += picks.count;
  rows_end_ = std::min(kBlockRows, most_rows_ - rows_);
}

void SlabBuilder::write_picked() {
  const size_t picked = std::exchange(picked_, 0);
  if (picked > 0) write_rows({records_.data(), origins_.data(), 1, picked});
}

void SlabBuilder::write() {
  write_picked();
  if (kept_.empty()) return;
  kept_.clear();
  kept_bytes_ = 0;
}

void SlabBuilder::keep(BatchOwner owner, size_t bytes) {
  if (owner == nullptr) return;
  kept_.push_back(std::move(owner));
  kept_bytes_ += bytes;
  if (kept_.size() == kMostKept || kept_bytes_ >= kMostKeptBytes) write();
}

std::unique_ptr<Slab> SlabBuilder::finish() {
  write();
  slab_->rows = rows_;
  for (const ColumnWriterPtr& writer : writers_)
    writer->finish(*slab_);
  rows_ = 0;
  return std::move(slab_);
}

}  // namespace tidemark
