#include "log/old_format.h"

#include <string>

namespace tidemark {

Status old_format(const TopicPartition& id, int64_t offset) {
  Status status = Status::error(
      ErrorCode::kUnsupportedFormat,
      "topic '" + id.topic + "', partition " + std::to_string(id.partition) + ", offset " +
          std::to_string(offset) +
          ": the record has the message format v0 or v1, which tidemark does not read; start "
          "past it, or copy the topic so that the broker writes format v2");
  status.topic = id.topic;
  status.partition = id.partition;
  status.offset = offset;
  return status;
}

}  // namespace tidemark
