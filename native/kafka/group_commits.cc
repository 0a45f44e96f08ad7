#include "kafka/group_commits.h"

#include <cerrno>
#include <cstdlib>

namespace tidemark {
namespace {

constexpr char kVersion[] = "tidemark/1 ";

}  // namespace

std::optional<int64_t> merge_key_in(const std::string& metadata) {
  const size_t begin = sizeof(kVersion) - 1;
  if (metadata.compare(0, begin, kVersion) != 0) return std::nullopt;
  const std::string digits = metadata.substr(begin);
  errno = 0;
  char* end = nullptr;
  const int64_t key = std::strtoll(digits.c_str(), &end, 10);
  // Written as it is read, or it is not ours: no blanks, no plus, no leading zeros.
  if (errno != 0 || std::to_string(key) != digits) return std::nullopt;
  return key;
}

GroupCommits read_group_commits(rd_kafka_event_t* answer) {
  GroupCommits commits;
  const auto note = [&commits](rd_kafka_resp_err_t err, const char* reason) {
    commits.err = err;
    commits.reason = reason;
  };
  if (const rd_kafka_resp_err_t err = rd_kafka_event_error(answer))
    note(err, rd_kafka_event_error_string(answer));
  size_t count = 0;
  const auto* result = rd_kafka_event_ListConsumerGroupOffsets_result(answer);
  const rd_kafka_group_result_t** groups =
      result ? rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count) : nullptr;
  for (size_t i = 0; i < count; ++i) {
    if (const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[i]))
      note(rd_kafka_error_code(error), rd_kafka_error_string(error));
    const rd_kafka_topic_partition_list_t* list = rd_kafka_group_result_partitions(groups[i]);
    for (int at = 0; list && at < list->cnt; ++at) {
      const rd_kafka_topic_partition_t& commit = list->elems[at];
      if (commit.err) note(commit.err, rd_kafka_err2str(commit.err));
      if (commit.err || commit.offset < 0) continue;
      Start start;
      start.kind = Start::Kind::kOffset;
      start.offset = commit.offset;
      start.leader_epoch = rd_kafka_topic_partition_get_leader_epoch(&commit);
      const std::string metadata(static_cast<const char*>(commit.metadata), commit.metadata_size);
      if (const auto key = merge_key_in(metadata)) start.merge_key = *key;
      commits.starts[{commit.topic, commit.partition}] = start;
    }
  }
  return commits;
}

}  // namespace tidemark
