#include "engine/inputs.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "errors.h"

namespace tidemark {
namespace {

int32_t index_of(const std::string& word, const std::vector<std::string>& sorted) {
  const auto place = std::lower_bound(sorted.begin(), sorted.end(), word);
  return static_cast<int32_t>(place - sorted.begin());
}

}  // namespace

Inputs::Inputs(const std::vector<EngineOptions::Input>& inputs, const Budget& budget,
               InputsListener& listener)
    : budget_(budget), listener_(listener) {
  const Dictionaries dictionaries = dictionaries_of(inputs);
  for (const EngineOptions::Input& input : inputs)
    inputs_.push_back(std::make_unique<Input>(*this, input, dictionaries));
}

void Inputs::open(Bell& bell) {
  for (const auto& input : inputs_)
    input->source().open(input->demand(), *input, bell);
}

Clock::time_point Inputs::serve(Clock::time_point now) {
  Clock::time_point next = Clock::time_point::max();
  for (const auto& input : inputs_)
    next = std::min(next, input->source().serve(now));
  return next;
}

void Inputs::on_assigned(std::vector<InputPartition> partitions) {
  if (is_open_) return listener_.on_joined(std::move(partitions));
  std::move(partitions.begin(), partitions.end(), std::back_inserter(assigned_));
  is_open_ = std::all_of(inputs_.begin(), inputs_.end(),
                         [](const auto& input) { return input->is_open(); });
  if (!is_open_) return;
  // Each source has looked at its own partitions alone.
  if (Status status = budget_.check(assigned_.size()); !status.ok())
    return listener_.on_failed(std::move(status));
  // As in the merge: which of several faults is told does not depend on who has answered first.
  std::sort(assigned_.begin(), assigned_.end(),
            [](const InputPartition& a, const InputPartition& b) { return a.id < b.id; });
  listener_.on_open(std::exchange(assigned_, {}));
}

void Inputs::share_budget(PartitionTable& table) {
  const size_t budget = budget_.of(table.size());
  for (const auto& input : inputs_) {
    size_t count = 0;
    table.for_each(
        [&](const PartitionStream& stream) { count += &stream.source() == &input->source(); });
    if (count == 0) continue;
    const size_t share = input->source().share_budget(budget / table.size() * count, count);
    table.for_each([&](PartitionStream& stream) {
      if (&stream.source() == &input->source()) stream.set_share(share);
    });
  }
}

void Inputs::enter_live() {
  for (const auto& input : inputs_)
    input->source().enter_live();
}

void Inputs::close(std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  std::vector<Source*> open;
  for (const auto& input : inputs_)
    open.push_back(&input->source());
  std::stable_partition(open.begin(), open.end(),
                        [](const Source* source) { return !source->writes(); });
  for (size_t i = 0; i < open.size(); ++i) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    const auto count = static_cast<int64_t>(open.size() - i);
    open[i]->close(std::max(left / count, std::chrono::milliseconds(0)));
  }
}

// --- of one source ------------------------------------------------------------------------------

Inputs::Input::Input(Inputs& inputs, EngineOptions::Input options, const Dictionaries& dictionaries)
    : inputs_(inputs),
      options_(std::move(options)),
      source_index_(index_of(name(), dictionaries.sources)) {
  for (const TopicDemand& topic : demand().topics)
    topic_indices_.push_back(index_of(topic.name, dictionaries.topics));
  std::sort(topic_indices_.begin(), topic_indices_.end());  // both are in the order of the names
}

PartitionId Inputs::Input::id_of(const TopicPartition& id) const {
  return {id.topic, id.partition, topic_indices_[static_cast<size_t>(id.topic_index)],
          source_index_, name()};
}

void Inputs::Input::on_assigned(std::vector<AssignedPartition> partitions) {
  is_open_ = true;
  std::vector<InputPartition> of_inputs;
  for (AssignedPartition& partition : partitions) {
    PartitionId id = id_of(partition.id);
    of_inputs.push_back({&source(), std::move(partition), std::move(id)});
  }
  inputs_.on_assigned(std::move(of_inputs));
}

void Inputs::Input::on_revoked(const std::vector<PartitionHandle>& partitions) {
  inputs_.listener_.on_left(partitions);
}

void Inputs::Input::on_partition_failed(PartitionHandle partition, Status status) {
  inputs_.listener_.on_partition_failed(partition, std::move(status));
}

void Inputs::Input::on_failed(Status status) {
  inputs_.listener_.on_failed(of_source(std::move(status), name()));
}

void Inputs::Input::on_client_event(ClientEvent event) {
  event.source = name();
  inputs_.listener_.on_client_event(std::move(event));
}

void Inputs::Input::on_log(LogLine line) {
  line.source = name();
  inputs_.listener_.on_log(std::move(line));
}

void Inputs::Input::on_token_request() { inputs_.listener_.on_token_request(name()); }

}  // namespace tidemark
