// RandomSources: the fake sources of a stream, from dice: one or several, each with some of the
// logs. Some logs are there from the start, others join in the replay or in live.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine_options.h"
#include "test_support/compressed_batch.h"
#include "test_support/dice.h"
#include "test_support/fake_source.h"

namespace tidemark::testing {

class RandomSources {
 public:
  enum class Role : uint8_t { kFirst, kJoinsReplay, kJoinsLive };
  struct Source {
    std::string name;
    std::shared_ptr<FakeSource> source;
    std::vector<size_t> logs;  // those of logs_ that it has
    bool is_assigned = false;
  };
  // Where a log of logs_ is.
  struct Place {
    FakeSource* source;
    size_t p;  // in the source
  };

  explicit RandomSources(Dice& dice) : logs_(make_logs(dice)) { make_sources(dice); }

  std::vector<EngineOptions::Input> inputs() const {
    std::vector<EngineOptions::Input> inputs;
    for (const Source& source : sources_) {
      Demand demand;
      for (const size_t p : source.logs) {
        const std::string& topic = logs_[p].id.topic;
        if (demand.topics.empty() || demand.topics.back().name != topic)
          demand.topics.push_back({topic, Start()});
      }
      inputs.push_back({source.name, source.source, demand});
    }
    return inputs;
  }

  std::vector<Source>& all() { return sources_; }
  // Of all sources, in the order of ties.
  const std::vector<Log>& logs() const { return logs_; }
  size_t size() const { return logs_.size(); }
  const PartitionId& id(size_t p) const { return logs_[p].id; }
  Role role(size_t p) const { return roles_[p]; }
  const Place& place(size_t p) const { return places_[p]; }

  bool arrive(size_t p, int64_t batches) {
    return places_[p].source->arrive(places_[p].p, batches);
  }
  bool is_started(size_t p) const { return places_[p].source->is_started(places_[p].p); }
  bool is_gone(size_t p) const { return places_[p].source->is_gone(places_[p].p); }
  bool has_all(size_t p) const { return places_[p].source->has_all(places_[p].p); }

 private:
  std::vector<Log> make_logs(Dice& dice) {
    std::vector<Log> logs;
    const int64_t count = 1 + dice.below(5);
    const int64_t sources = dice.one_in(2) ? 1 : 2 + dice.below(2);
    const auto layout =
        static_cast<TimeLayout>(dice.below(static_cast<int64_t>(TimeLayout::kCount)));
    const bool odd = dice.one_in(3);
    for (int64_t p = 0; p < count; ++p) {
      Log log = make_log(layout, p, count, odd, false, dice);
      for (WrittenBatch& batch : log.batches)
        if (dice.one_in(3)) batch = compress(batch, dice);
      log.id = next_id(logs, static_cast<int32_t>(sources), dice);
      Role role = Role::kFirst;
      if (dice.one_in(4)) role = dice.one_in(2) ? Role::kJoinsReplay : Role::kJoinsLive;
      if (role == Role::kJoinsLive) log.range.end_offset = log.range.start_offset;
      if (dice.one_in(6)) start_by_time(log, dice);
      roles_.push_back(role);
      logs.push_back(std::move(log));
    }
    // A source that got no log is none.
    std::set<std::string> sources_of_logs;
    for (const Log& log : logs)
      sources_of_logs.insert(log.id.source);
    for (Log& log : logs) {
      const auto place = sources_of_logs.find(log.id.source);
      log.id.source_index = static_cast<int32_t>(std::distance(sources_of_logs.begin(), place));
    }
    return logs;
  }

  // In the order of ties, with the same topic and partition in several sources, and topics that
  // some lack.
  static PartitionId next_id(const std::vector<Log>& logs, int32_t sources, Dice& dice) {
    PartitionId id;
    if (!logs.empty()) id = logs.back().id;
    if (!logs.empty() && id.source_index + 1 < sources && dice.one_in(2)) {
      ++id.source_index;
    } else {
      const bool is_next_topic = logs.empty() || dice.one_in(2);
      id.topic_index += is_next_topic && !logs.empty();
      id.partition = is_next_topic ? 0 : id.partition + 1;
      id.source_index = static_cast<int32_t>(dice.below(sources));
    }
    id.topic = std::string(1, static_cast<char>('a' + id.topic_index));
    id.source = sources == 1 ? "" : std::string(1, static_cast<char>('x' + id.source_index));
    return id;
  }

  // Those that have logs, in any order.
  void make_sources(Dice& dice) {
    const auto share = static_cast<size_t>(dice.below(dice.one_in(2) ? 500 : 100'000));
    for (size_t p = 0; p < logs_.size(); ++p) {
      const auto has_its_name = [&](const Source& source) {
        return source.name == logs_[p].id.source;
      };
      auto source = std::find_if(sources_.begin(), sources_.end(), has_its_name);
      if (source == sources_.end()) {
        source = sources_.insert(dice.one_in(2) ? sources_.begin() : sources_.end(), Source());
        source->name = logs_[p].id.source;
      }
      source->logs.push_back(p);
    }
    places_.resize(logs_.size());
    for (Source& source : sources_) {
      std::vector<Log> logs;
      for (const size_t p : source.logs)
        logs.push_back(logs_[p]);
      source.source = std::make_shared<FakeSource>(std::move(logs), share / logs_.size());
      for (size_t i = 0; i < source.logs.size(); ++i)
        places_[source.logs[i]] = {source.source.get(), i};
    }
  }

  std::vector<Role> roles_;  // of the logs
  const std::vector<Log> logs_;
  std::vector<Source> sources_;
  std::vector<Place> places_;  // of the logs
};

}  // namespace tidemark::testing
