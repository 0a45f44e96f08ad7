#include "segments/segment_error.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "errors.h"

namespace tidemark {
namespace {

const char* advice_on_files(ErrorCode code) {
  switch (code) {
    case ErrorCode::kRecordTooLarge:
      return "it is no batch that a Kafka client would read with receive.message.max.bytes at its "
             "default: start past this offset";
    case ErrorCode::kUnsupportedFormat:
      return "the record batch has a codec or format that is not supported";
    case ErrorCode::kOutOfMemory:
      return "lower maxBufferedBytes or read fewer partitions";
    default:
      return "this copy is damaged: read that of another replica, or start past this offset";
  }
}

}  // namespace

Status segment_changed(const std::string& path, const std::string& what) {
  return Status::error(ErrorCode::kSegmentChanged,
                       "'" + path + "' " + what +
                           " while the stream read it: retention, compaction or a deletion of the "
                           "topic does that where a broker uses the folder; replay a copy, or "
                           "create a new manager to start from what is there now");
}

Status segment_unreadable(const std::string& path, int error) {
  const bool lacks_files = error == EMFILE || error == ENFILE;
  Status status = Status::error(
      ErrorCode::kSegmentUnreadable,
      "segments: '" + path + "' cannot be read: " + strerror(error) +
          (lacks_files ? "; raise the number of files that may be open (ulimit -n), or close others"
                       : "; give the data folder of a broker (log.dirs), or a copy of it, that "
                         "this process may read"));
  status.retriable = lacks_files;
  return status;
}

Status segment_fault(ErrorCode code, const TopicPartition& id, int64_t offset,
                     const std::string& path, uint64_t at, const std::string& what) {
  Status status = Status::error(code, Place{id.topic, id.partition, offset}.text() + ": " + what +
                                          " ('" + path + "', byte " + std::to_string(at) + "); " +
                                          advice_on_files(code));
  status.offset = offset;
  return of_partition(std::move(status), id);
}

Status format_fault(const StoredBatch& batch, const TopicPartition& id, int64_t offset,
                    const std::string& path, uint64_t at) {
  if (batch.has_old_format()) return old_format({id.topic, id.partition, batch.base_offset});
  return segment_fault(ErrorCode::kUnsupportedFormat, id, offset, path, at,
                       "the magic byte " + std::to_string(batch.magic) + " is not known");
}

Status of_partition(Status status, const TopicPartition& id) {
  status.topic = id.topic;
  status.partition = id.partition;
  return status;
}

}  // namespace tidemark
