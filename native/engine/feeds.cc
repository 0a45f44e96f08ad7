#include "engine/feeds.h"

#include <utility>

namespace tidemark {

Feeds::Feeds(Client& client, Merger& merger, WakeUp& wake_up, const ClientListener& listener,
             FetchStats& stats)
    : client_(client), merger_(merger), wake_up_(wake_up), listener_(listener), stats_(stats) {}

void Feeds::share_budget(size_t budget, size_t partitions) {
  limits_ = FetchLimits::of(budget, partitions);
  client_.set_fetch_limits(limits_);
  for (const auto& feed : feeds_)
    feed->set_share(limits_.share_bytes);
}

Status Feeds::start_next() {
  const auto index = static_cast<uint32_t>(size());
  in_backlog_.push_back(false);
  feeds_.push_back(std::make_unique<PartitionFeed>(
      merger_.partition(index), stats_.partitions.emplace_back(), limits_.share_bytes));
  // One that was added in live is begun without a look at its end.
  const bool is_end_known = !merger_.is_live();
  return feeds_.back()->start(client_.handle(), wake_up_, index, is_end_known);
}

void Feeds::take_rung(const std::vector<uint32_t>& rung) {
  for (const uint32_t index : rung) {
    feeds_[index]->note_ready();
    take(index);
  }
}

bool Feeds::take(uint32_t index) {
  const Partition& partition = merger_.partition(index);
  PartitionFeed& feed = *feeds_[index];
  const int64_t held_before = partition.held_records();
  const bool taken = feed.take();
  if (taken) {
    stats_.records.fetch_add(partition.held_records() - held_before, std::memory_order_relaxed);
    merger_.notify(index);
  }
  if (const Notice* error = feed.take_error()) listener_.on_notice(*error);
  if (feed.queue_may_hold() && !in_backlog_[index]) {
    in_backlog_[index] = true;
    backlog_.push_back(index);
  }
  return taken;
}

bool Feeds::take_backlog() {
  if (backlog_.empty()) return false;
  bool taken = false;
  std::vector<uint32_t> left = std::exchange(backlog_, {});
  for (const uint32_t index : left)
    in_backlog_[index] = false;
  for (const uint32_t index : left)
    taken |= take(index);
  return taken;
}

void Feeds::fail(size_t index, rd_kafka_resp_err_t err, const char* reason) {
  feeds_[index]->fail(err, reason);
  merger_.notify(index);
}

}  // namespace tidemark
