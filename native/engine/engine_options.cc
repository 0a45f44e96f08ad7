#include "engine/engine_options.h"

#include <algorithm>
#include <string>

namespace tidemark {
namespace {

void sort_without_repeats(std::vector<std::string>* names) {
  std::sort(names->begin(), names->end());
  names->erase(std::unique(names->begin(), names->end()), names->end());
}

}  // namespace

Dictionaries dictionaries_of(const std::vector<EngineOptions::Input>& inputs) {
  Dictionaries of;
  for (const EngineOptions::Input& input : inputs) {
    of.sources.push_back(input.name);
    for (const TopicDemand& topic : input.demand.topics)
      of.topics.push_back(topic.name);
  }
  sort_without_repeats(&of.topics);
  sort_without_repeats(&of.sources);
  return of;
}

}  // namespace tidemark
