#include "engine/stream_token.h"

#include <algorithm>
#include <vector>

#include "engine/partition_stream.h"

namespace tidemark {
namespace {

template <typename Named>
Named& last_named(std::vector<Named>& all, const std::string& name) {
  if (all.empty() || all.back().name != name) {
    all.emplace_back();
    all.back().name = name;
  }
  return all.back();
}

}  // namespace

Token token_of(const StreamState& state, bool read_committed, bool fail_on_late_record) {
  Token token;
  // What has ended is gone on from as live is: with what has arrived since.
  const bool is_replay = state.phase == Phase::kReplay;
  token.phase = is_replay ? Phase::kReplay : Phase::kLive;
  token.read_committed = read_committed;
  token.fail_on_late_record = fail_on_late_record;
  std::vector<const StreamState::Partition*> by_source;
  for (const StreamState::Partition& partition : state.partitions)
    by_source.push_back(&partition);
  std::stable_sort(by_source.begin(), by_source.end(), [](const auto* a, const auto* b) {
    return a->stats->id.source < b->stats->id.source;
  });
  for (const StreamState::Partition* const partition : by_source) {
    const PartitionStats& stats = *partition->stats;
    Token::Source& source = last_named(token.sources, stats.id.source);
    Token::Topic& topic = last_named(source.topics, stats.id.topic);
    if (stats.identity) {
      source.cluster_id = stats.identity->cluster_id;
      topic.id = stats.identity->topic_id;
    }
    const Frontier& frontier = partition->frontier;
    int64_t end_offset = frontier.next_offset;
    if (is_replay) {
      end_offset = std::max(end_offset, stats.range.end_offset);
      token.cutoff = stats.range.cutoff;
    }
    topic.partitions.push_back({stats.id.partition, frontier, end_offset});
  }
  return token;
}

}  // namespace tidemark
