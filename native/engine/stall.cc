#include "engine/stall.h"

#include <algorithm>

#include "errors.h"

namespace tidemark {
namespace {

constexpr size_t kMostNamed = 3;

// "a-0, a-1, a-2 and 5 more"
std::string list_of(const std::vector<PartitionId>& ids) {
  std::string list;
  for (size_t i = 0; i < std::min(ids.size(), kMostNamed); ++i)
    list += (i == 0 ? "" : ", ") + name_of(ids[i]);
  if (ids.size() > kMostNamed) list += " and " + std::to_string(ids.size() - kMostNamed) + " more";
  return list;
}

std::string seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(time.count() / 1000.0);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

}  // namespace

void note_waiting(const Merger& merger, Stall* stall) {
  if (merger.is_live()) return;
  for (const size_t slot : merger.in_order()) {
    const Partition& partition = merger.partition(slot);
    stall->waiting_records += partition.held_records();
    if (partition.has_head()) stall->waiting.push_back(partition.id());
  }
}

Status stall_error(const Stall& stall, std::chrono::milliseconds timeout) {
  std::string what = "nothing has arrived for " + seconds(timeout) +
                     " of polling, and its end offset is " +
                     (stall.end_offset < 0 ? "not known" : std::to_string(stall.end_offset)) +
                     "; " + stall.facts.where;
  if (!stall.facts.last_error.empty())
    what += "; the partition's last error was: " + stall.facts.last_error;
  if (stall.facts.throttled_ms > 0) {
    what += "; the broker throttles this client, for another " +
            seconds(std::chrono::milliseconds(stall.facts.throttled_ms)) +
            ": raise the quota of its client.id or user";
  }
  if (!stall.others.empty()) what += "; stalled too: " + list_of(stall.others);
  if (!stall.waiting.empty()) {
    what += "; " + std::to_string(stall.waiting_records) +
            " records that were fetched wait for it, those of " + list_of(stall.waiting);
  }
  Status status = error_at({stall.id.topic, stall.id.partition, stall.position, stall.id.source},
                           ErrorCode::kStalled, what);
  status.kafka_code = stall.facts.kafka_code;
  status.retriable = true;
  return status;
}

}  // namespace tidemark
