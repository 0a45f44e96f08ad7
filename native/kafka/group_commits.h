// GroupCommits: what a consumer group has committed, read without joining it.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "log/start.h"

namespace tidemark {

struct GroupCommits {
  rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;  // it was not answered in full
  std::string reason;
  // By topic and partition: the starts that the commits say. Those without one are not there.
  std::map<std::pair<std::string, int32_t>, Start> starts;
};

// Reads an answer to list_group_offsets().
GroupCommits read_group_commits(rd_kafka_event_t* answer);

// The merge key of the record before the offset that a commit of tidemark's own says, as its
// metadata: "tidemark/1 " and a decimal number. Nothing for what others have written, or for a
// version that is not known.
std::optional<int64_t> merge_key_in(const std::string& metadata);

}  // namespace tidemark
