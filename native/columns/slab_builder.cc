#include "columns/slab_builder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "columns/column_buffers.h"

namespace tidemark {

SlabBuilder::SlabBuilder(const Schema& schema, size_t max_rows, size_t max_bytes)
    : max_rows_(max_rows),
      // Arrow's Binary has 32-bit offsets. A record that comes alone has int32 sizes itself.
      max_bytes_(std::min<size_t>(max_bytes, std::numeric_limits<int32_t>::max())),
      writers_(schema) {
  size_t spans = 0;
  for (const ColumnWriter* writer : writers_.in_order())
    spans += writer->buffers();
  SlabLayout layout(max_rows, SlabHead::bytes(spans, schema.size()));
  for (ColumnWriter* writer : writers_.in_order())
    writer->place(layout);
  fixed_bytes_ = layout.bytes();
  memories_ = layout.memories();
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
  for (ColumnWriter* writer : writers_.in_order())
    writer->open(*slab);
  slab_ = std::move(slab);
  rows_ = bytes_ = bytes_end_ = 0;
  most_rows_ = max_rows_;
  failed_ = false;
  return true;
}

size_t SlabBuilder::append_run(const Origin& origin, const Record* records, size_t count) {
  if (append_fitting({origin, records, count})) return count;
  size_t appended = 0;
  while (appended < count) {
    const size_t fitting = make_room({origin, records + appended, count - appended});
    if (fitting == 0) break;
    append_fitting({origin, records + appended, fitting});
    appended += fitting;
  }
  return appended;
}

size_t SlabBuilder::make_room(const Run& run) {
  const auto size_of = [&](size_t i) {
    return writers_.measure({run.origin, run.records + i, 1}, rows_);
  };
  if (rows_ == most_rows_) return 0;
  const size_t size = size_of(0);
  const bool too_large = bytes_ + size > max_bytes_;
  if (too_large && rows_ > 0) return stop(false);
  if (too_large) most_rows_ = 1;
  size_t room = too_large ? size : max_bytes_ - bytes_;
  for (ColumnWriter* writer : writers_.in_order()) {
    if (!writer->reserve(size, max_bytes_)) return stop(true);
    room = std::min(room, writer->room());
  }
  bytes_end_ = bytes_ + room;
  const size_t most = std::min(run.count, most_rows_ - rows_);
  size_t fitting = 1;
  for (size_t bytes = size; fitting < most; ++fitting) {
    bytes += size_of(fitting);
    if (bytes > room) break;
  }
  return fitting;
}

size_t SlabBuilder::stop(bool failed) {
  failed_ = failed;
  most_rows_ = rows_;
  return 0;
}

std::unique_ptr<Slab> SlabBuilder::finish() {
  slab_->rows = rows_;
  for (ColumnWriter* writer : writers_.in_order())
    writer->finish(*slab_);
  rows_ = 0;
  return std::move(slab_);
}

}  // namespace tidemark
