#include "source/partition_demands.h"

#include <algorithm>
#include <iterator>

namespace tidemark {
namespace {

template <typename Offset>
void add_keys(const std::map<int32_t, Offset>& of, std::set<int32_t>* partitions) {
  for (const auto& [partition, offset] : of)
    partitions->insert(partition);
}

}  // namespace

Status PartitionDemands::choose(const std::string& topic, const std::vector<int32_t>& there,
                                const End& end, std::vector<int32_t>* read) const {
  std::set<int32_t> named = only;
  add_keys(starts, &named);
  add_keys(end_offsets, &named);
  std::vector<int32_t> unknown;
  std::set_difference(named.begin(), named.end(), there.begin(), there.end(),
                      std::back_inserter(unknown));
  if (!unknown.empty()) return unknown_partitions(topic, unknown, there);
  std::copy_if(there.begin(), there.end(), std::back_inserter(*read),
               [this](int32_t partition) { return reads(partition); });
  if (end.kind != End::Kind::kOffsets) return Status();
  std::vector<int32_t> endless;
  std::copy_if(read->begin(), read->end(), std::back_inserter(endless),
               [this](int32_t partition) { return end_offsets.count(partition) == 0; });
  return endless.empty() ? Status() : no_end_offsets(topic, endless);
}

Status PartitionDemands::check_starts(const std::string& topic,
                                      const std::vector<int32_t>& read) const {
  if (!needs_starts) return Status();
  std::vector<int32_t> lacking;
  std::copy_if(read.begin(), read.end(), std::back_inserter(lacking),
               [this](int32_t partition) { return starts.count(partition) == 0; });
  return lacking.empty() ? Status() : no_start_offsets(topic, lacking, group);
}

const Start& PartitionDemands::start_of(int32_t partition, const Start& of_topic) const {
  const auto own = starts.find(partition);
  return own == starts.end() ? of_topic : own->second;
}

// One between the visible end and the written one is there: its replay is empty, and what comes
// next is live.
Status PartitionDemands::begin_in(const LogExtent& log, const Place& place, const Start& start,
                                  ReplayRange* range) const {
  if (start.offset >= log.start && start.offset <= log.written_end) {
    range->start_offset = start.offset;
    range->start_merge_key = start.merge_key;
    range->start_leader_epoch = start.leader_epoch;
    return Status();
  }
  switch (out_of_range) {
    case OutOfRange::kEarliest:
      range->start_offset = log.start;
      return Status();
    case OutOfRange::kLatest:
      range->start_offset = log.end;
      return Status();
    case OutOfRange::kFail:
      break;
  }
  return start.offset < log.start ? start_removed(place, start.offset, log.start)
                                  : start_beyond_end(place, start.offset, log.written_end);
}

Status PartitionDemands::end_in(const LogExtent& log, const Place& place, const End& end,
                                ReplayRange* range) const {
  range->end_offset = log.end;
  if (end.kind == End::Kind::kTime) range->cutoff = end.time;
  if (end.kind != End::Kind::kOffsets) return Status();
  range->end_offset = end_offsets.at(place.partition);
  if (range->end_offset <= log.end) return Status();
  return end_not_reached(place, range->end_offset, log.end, log.written_end);
}

}  // namespace tidemark
