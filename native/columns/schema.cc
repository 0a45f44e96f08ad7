#include "columns/schema.h"

#include <algorithm>

#include "columns/known_columns.h"

namespace tidemark {

// As in Kafka's setting message.timestamp.type, and in the order of the attribute's values.
std::vector<std::string> timestamp_types(const Dictionaries&) {
  return {"CreateTime", "LogAppendTime"};
}

std::vector<std::string> topic_names(const Dictionaries& of) { return of.topics; }
std::vector<std::string> source_names(const Dictionaries& of) { return of.sources; }

const Schema& known_columns() {
  static const Schema columns = std::apply(
      [](const auto&... lines) {
        size_t line = 0;
        return Schema{{lines.name, lines.format, lines.nullable, lines.dictionary, line++}...};
      },
      kKnownColumns);
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
