#include "columns/schema.h"

#include <algorithm>

#include "columns/writers.h"

namespace tidemark {

namespace {

// As in Kafka's setting message.timestamp.type, and in the order of the attribute's values.
std::vector<std::string> timestamp_types(const std::vector<std::string>&) {
  return {"CreateTime", "LogAppendTime"};
}

std::vector<std::string> topic_names(const std::vector<std::string>& topics) { return topics; }

}  // namespace

const Schema& known_columns() {
  static const Schema columns = {
      {"key", "z", true, nullptr, write_key},
      {"value", "z", true, nullptr, write_value},
      {"topic", "i", false, topic_names, write_topic},
      {"partition", "i", false, nullptr, write_partition},
      {"offset", "l", false, nullptr, write_offset},
      {"timestamp", "tsm:UTC", true, nullptr, write_timestamp},
      {"timestamp_type", "c", false, timestamp_types, write_timestamp_type},
  };
  return columns;
}

Schema choose_columns(const std::vector<std::string>& names) {
  Schema chosen;
  for (const std::string& name : names) {
    const auto found = std::find_if(known_columns().begin(), known_columns().end(),
                                    [&name](const Column& column) { return name == column.name; });
    if (found != known_columns().end()) chosen.push_back(*found);
  }
  return chosen;
}

}  // namespace tidemark
