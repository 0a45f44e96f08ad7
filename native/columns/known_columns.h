// The list of all columns that there are, a line each.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "columns/schema.h"
#include "columns/writers.h"

namespace tidemark {

// A column, and the type of what writes it.
template <typename Writer>
struct Line {
  const char* name;
  const char* format;
  bool nullable;
  Words dictionary;
};

std::vector<std::string> topic_names(const Dictionaries& of);
std::vector<std::string> timestamp_types(const Dictionaries& of);
std::vector<std::string> source_names(const Dictionaries& of);

// The usual ones first.
inline constexpr std::tuple kKnownColumns{
    Line<KeyWriter>{"key", "z", true, nullptr},
    Line<ValueWriter>{"value", "z", true, nullptr},
    Line<TopicWriter>{"topic", "i", false, topic_names},
    Line<PartitionWriter>{"partition", "i", false, nullptr},
    Line<OffsetWriter>{"offset", "l", false, nullptr},
    Line<TimestampWriter>{"timestamp", "tsm:UTC", true, nullptr},
    Line<TimestampTypeWriter>{"timestamp_type", "c", false, timestamp_types},
    Line<SourceWriter>{"source", "i", false, source_names},
};

}  // namespace tidemark
