// old_format: what is said of records in the message formats v0 and v1, wherever they come from.
#pragma once

#include <cstdint>

#include "log/topic_partition.h"
#include "status.h"

namespace tidemark {

Status old_format(const TopicPartition& id, int64_t offset);

}  // namespace tidemark
