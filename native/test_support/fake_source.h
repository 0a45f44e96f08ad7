// FakeSource: a source over logs of dice, which does what a test says. One thread has all of it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "source/source.h"
#include "test_support/random_log.h"

namespace tidemark::testing {

class FakeSource final : public Source {
 public:
  // `share` is what the engine holds of a partition, whatever the budget is.
  explicit FakeSource(std::vector<Log> logs, size_t share = 1'000)
      : logs_(std::move(logs)), share_(share), inputs_(logs_.size()) {}

  // --- what the test does ---------------------------------------------------------------------
  // The partitions `of` are known now: the first time, the source is open.
  void assign(const std::vector<size_t>& of) {
    std::vector<AssignedPartition> assigned;
    for (const size_t p : of)
      assigned.push_back({own_id(p), logs_[p].range, logs_[p].gap_policy});
    tell([this, assigned] { events_->on_assigned(assigned); });
  }
  void revoke(size_t p) {
    Input& input = inputs_[p];
    if (!input.handle) return;
    const PartitionHandle handle = *std::exchange(input.handle, std::nullopt);
    input.is_gone = true;
    tell([this, handle] { events_->on_revoked({handle}); });
  }
  void fail_to_open(Status status) {
    tell([this, status] { events_->on_failed(status); });
  }
  void fail(size_t p, const Status& status) {
    Input& input = inputs_[p];
    if (!input.handle) return;
    tell([this, handle = *input.handle, status] { events_->on_partition_failed(handle, status); });
  }
  void tell_event(const ClientEvent& event) {
    tell([this, event] { events_->on_client_event(event); });
  }
  void ask_for_token() {
    tell([this] { events_->on_token_request(); });
  }
  // The next op of `p` is fetched, or its end is. False: nothing of it is left.
  bool arrive(size_t p, int64_t batches) {
    Input& input = inputs_[p];
    if (!input.handle || input.has_all) return false;
    const bool was_empty = input.fetched == input.taken && !input.end_is_there;
    input.fetched = std::min(input.fetched + static_cast<size_t>(batches), logs_[p].batches.size());
    if (input.fetched == logs_[p].batches.size()) input.end_is_there = input.has_all = true;
    if (was_empty) bell_->ring(*input.handle);
    return true;
  }

  bool is_started(size_t p) const { return inputs_[p].handle.has_value(); }
  bool is_gone(size_t p) const { return inputs_[p].is_gone; }
  bool has_all(size_t p) const { return inputs_[p].has_all; }
  bool is_live() const { return is_live_; }
  bool is_closed() const { return is_closed_; }
  void set_writes() { writes_ = true; }
  int owners_alive() const { return owners_alive_; }
  size_t budget() const { return budget_; }
  std::chrono::milliseconds close_timeout() const { return close_timeout_; }
  const std::vector<Log>& logs() const { return logs_; }

  // --- Source ---------------------------------------------------------------------------------
  void open(const Demand& demand, SourceEvents& events, Bell& bell) override {
    for (const TopicDemand& topic : demand.topics)
      topics_.push_back(topic.name);
    std::sort(topics_.begin(), topics_.end());
    events_ = &events;
    bell_ = &bell;
  }
  Clock::time_point serve(Clock::time_point) override {
    while (!untold_.empty()) {
      const auto next = std::move(untold_.front());
      untold_.pop_front();
      next();
    }
    return Clock::time_point::max();
  }
  size_t share_budget(size_t bytes, size_t) override {
    budget_ = bytes;
    return share_;
  }
  Status start(PartitionHandle handle, const AssignedPartition& assigned) override {
    const auto log = std::find_if(logs_.begin(), logs_.end(), [&](const Log& candidate) {
      return candidate.id.topic == assigned.id.topic &&
             candidate.id.partition == assigned.id.partition;
    });
    inputs_[static_cast<size_t>(log - logs_.begin())].handle = handle;
    return Status();
  }
  void stop(PartitionHandle) override {}
  Taken take(PartitionHandle handle, size_t room, PartitionInput& sink) override {
    Taken taken;
    const auto found = std::find_if(inputs_.begin(), inputs_.end(), [handle](const Input& input) {
      return input.handle && *input.handle == handle;
    });
    if (found == inputs_.end()) return taken;
    const Log& log = logs_[static_cast<size_t>(found - inputs_.begin())];
    while (found->taken < found->fetched && (!taken.any || room > 0)) {
      room -= std::min(room, kOpBytes);
      push(log.batches[found->taken++], sink);
      taken.any = true;
    }
    taken.has_more = found->taken < found->fetched;
    if (!taken.has_more && std::exchange(found->end_is_there, false)) {
      sink.reach(log.log_end);
      taken.any = true;
    }
    return taken;
  }
  void enter_live() override { is_live_ = true; }
  Progress progress(PartitionHandle handle) override {
    for (size_t p = 0; p < inputs_.size(); ++p) {
      if (inputs_[p].handle && *inputs_[p].handle == handle) return {logs_[p].log_end, false};
    }
    return {};
  }
  StallFacts stall_facts(PartitionHandle) const override { return {"its broker is a fake", ""}; }
  bool writes() const override { return writes_; }
  void close(std::chrono::milliseconds timeout) override {
    is_closed_ = true;
    close_timeout_ = timeout;
  }

 private:
  static constexpr size_t kOpBytes = 100;

  struct Input {
    std::optional<PartitionHandle> handle;  // once it has started, until it is revoked
    size_t fetched = 0, taken = 0;          // batches
    bool end_is_there = false;              // behind them
    bool has_all = false;
    bool is_gone = false;
  };

  // As a source knows it, which has no name and no other beside it.
  TopicPartition own_id(size_t p) const {
    const PartitionId& id = logs_[p].id;
    const auto topic = std::lower_bound(topics_.begin(), topics_.end(), id.topic);
    return {id.topic, id.partition, static_cast<int32_t>(topic - topics_.begin())};
  }

  void tell(std::function<void()> what) {
    untold_.push_back(std::move(what));
    bell_->ring();
  }

  void push(const WrittenBatch& written, PartitionInput& sink) {
    struct Op {
      Bytes bytes;
      int* alive;
    };
    ++owners_alive_;
    Op* const op = new Op{written.bytes, &owners_alive_};
    RecordBatch batch = written.batch();
    batch.records = op->bytes.empty() ? nullptr : op->bytes.data();
    sink.push(batch,
              BatchOwner(op,
                         [](void* pointer) {
                           Op* const dropped = static_cast<Op*>(pointer);
                           --*dropped->alive;
                           delete dropped;
                         }),
              kOpBytes);
  }

  const std::vector<Log> logs_;
  const size_t share_;
  std::vector<std::string> topics_;  // that are demanded, by name
  std::vector<Input> inputs_;
  size_t budget_ = 0;
  std::chrono::milliseconds close_timeout_{-1};
  SourceEvents* events_ = nullptr;
  Bell* bell_ = nullptr;
  std::deque<std::function<void()>> untold_;
  bool is_live_ = false;
  bool is_closed_ = false;
  bool writes_ = false;
  int owners_alive_ = 0;
};

}  // namespace tidemark::testing
