// Resume: what one source of a stream goes on from: its part of a token.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "errors.h"
#include "log/phase.h"
#include "log/replay_range.h"
#include "log/topic_identity.h"
#include "status.h"
#include "token/token.h"

namespace tidemark {

struct Resume {
  Phase phase = Phase::kReplay;
  int64_t cutoff = kNoCutoff;
  Token::Source source;

  // Where either side does not know what it is of, it fits.
  Status check_cluster(const std::string& cluster_id) const {
    const std::string& wanted = source.cluster_id;
    if (wanted.empty() || cluster_id.empty() || wanted == cluster_id) return Status();
    return token_of_other_cluster(wanted, cluster_id);
  }
  static Status check_topic(const Token::Topic& topic, const TopicId& id) {
    if (topic.id == kNoTopicId || id == kNoTopicId || topic.id == id) return Status();
    return token_of_other_topic({topic.name});
  }
  // `read`: the partitions that are read of it, in order. A folder has none for a partition
  // without records: `may_lack_empty`.
  static Status check_partitions(const Token::Topic& topic, const std::vector<int32_t>& read,
                                 bool may_lack_empty) {
    for (const Token::Partition& wanted : topic.partitions) {
      if (may_lack_empty && wanted.end_offset == 0) continue;
      if (!std::binary_search(read.begin(), read.end(), wanted.partition))
        return token_partition_missing({topic.name, wanted.partition});
    }
    return Status();
  }
  // Partitions that the token's topic does not have were added since. In the stream that was
  // interrupted those join when its replay is over.
  bool joins_added_in_live() const { return phase == Phase::kReplay; }

  // What is left to replay of a partition: what the replay had left, or, where that is over, what
  // has arrived since. `now` is what a start at its earliest offset would replay; its end may come
  // before that of the log.
  Status range_of(const std::string& topic, const Token::Partition& partition,
                  const ReplayRange& now, int64_t log_end, ReplayRange* range) const {
    const bool is_replay = phase == Phase::kReplay;
    const Frontier& frontier = partition.frontier;
    const Place place{topic, partition.partition, frontier.next_offset};
    if (frontier.next_offset < now.start_offset) return token_records_gone(place, now.start_offset);
    const int64_t known = std::max(frontier.next_offset, is_replay ? partition.end_offset : 0);
    if (known > log_end) return token_log_truncated(place, log_end, known);
    *range = {frontier.next_offset,
              is_replay ? partition.end_offset : now.end_offset,
              is_replay ? cutoff : now.cutoff,
              frontier.merge_key,
              frontier.leader_epoch,
              frontier.start_time};
    return Status();
  }
};

}  // namespace tidemark
