// segment_error: what is said of the files of a log.
#pragma once

#include <cstdint>
#include <string>

#include "log/stored_batch.h"
#include "log/topic_partition.h"
#include "status.h"

namespace tidemark {

// A file is not what it was when the stream was opened.
Status segment_changed(const std::string& path, const std::string& what);
// The system refuses it; `error` is an errno. Retriable where too many files are open.
Status segment_unreadable(const std::string& path, int error);
// A fault of what the file at `path` has at the byte `at`.
Status segment_fault(ErrorCode code, const TopicPartition& id, int64_t offset,
                     const std::string& path, uint64_t at, const std::string& what);
// Of `batch`, which is not of v2, where `offset` should come next.
Status format_fault(const StoredBatch& batch, const TopicPartition& id, int64_t offset,
                    const std::string& path, uint64_t at);
// `status`, of this partition.
Status of_partition(Status status, const TopicPartition& id);

}  // namespace tidemark
