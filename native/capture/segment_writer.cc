#include "capture/segment_writer.h"

#include <cinttypes>
#include <cstdio>
#include <utility>

#include "capture/batch_header.h"
#include "errors.h"

namespace tidemark {
namespace {

// What the last sync of a segment may have left to do.
constexpr int64_t kSyncEvery = 8 * 1024 * 1024;

std::string segment_name(int64_t base_offset) {
  char name[32];
  std::snprintf(name, sizeof(name), "%020" PRId64 ".log", base_offset);
  return name;
}

}  // namespace

SegmentWriter::SegmentWriter(Disk& disk, std::string folder, int64_t base_offset,
                             Clock::time_point now)
    : disk_(disk),
      folder_(std::move(folder)),
      path_(folder_ + "/" + segment_name(base_offset)),
      base_offset_(base_offset),
      created_(now) {}

SegmentWriter::~SegmentWriter() {
  if (file_ >= 0) disk_.close(file_);
}

Status SegmentWriter::create() {
  const int fault = disk_.create_file(part_path(), &file_);
  return fault == 0 ? Status() : capture_error("create", part_path(), fault);
}

Status SegmentWriter::append(const RecordBatch& batch) {
  const StoredHeader header = write_batch_header(batch);
  const size_t size = batch.kind == RecordBatchKind::kRecords ? batch.size : 0;
  const int fault = disk_.append(file_, {header.data(), header.size()}, {batch.records, size});
  if (fault != 0) {
    is_torn_ = true;
    return capture_error("write", part_path(), fault);
  }
  bytes_ += static_cast<int64_t>(header.size() + size);
  if (bytes_ - begun_ >= kSyncEvery) {
    disk_.begin_sync(file_, begun_, bytes_ - begun_);
    begun_ = bytes_;
  }
  return Status();
}

Status SegmentWriter::finish() {
  int fault = is_torn_ ? disk_.truncate(file_, bytes_) : 0;
  if (fault == 0) fault = disk_.sync(file_);
  if (fault != 0) return capture_error("write", part_path(), fault);
  fault = disk_.rename(part_path(), path_);
  if (fault == 0) fault = disk_.sync_folder(folder_);
  return fault == 0 ? Status() : capture_error("complete", path_, fault);
}

}  // namespace tidemark
