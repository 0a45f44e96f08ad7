#include "kafka/configuration.h"

#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "errors.h"

namespace tidemark {
namespace {

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// "… | Alias for `metadata.broker.list`: …"
std::string alias_of(const std::string& line) {
  static const std::string kBefore = "Alias for `";
  const size_t found = line.find(kBefore);
  if (found == std::string::npos) return "";
  const size_t begin = found + kBefore.size();
  return line.substr(begin, line.find('`', begin) - begin);
}

// Out of the table that is the only way in which librdkafka tells them:
// "name | C/P | range | default | …".
std::map<std::string, KnownProperty> read_properties() {
  char* text = nullptr;
  size_t size = 0;
  FILE* file = open_memstream(&text, &size);
  rd_kafka_conf_properties_show(file);
  fclose(file);
  std::istringstream lines(std::string(text, size));
  free(text);

  std::map<std::string, KnownProperty> properties;
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string name, scope, range;
    std::getline(cells, name, '|');
    std::getline(cells, scope, '|');
    std::getline(cells, range, '|');
    scope = trimmed(scope);
    if (scope != "P" && scope != "C" && scope != "*") continue;
    const auto [entry, is_new] =
        properties.emplace(trimmed(name), KnownProperty{scope[0], trimmed(range), alias_of(line)});
    if (!is_new && entry->second.scope != scope[0]) entry->second.scope = '*';
  }
  return properties;
}

}  // namespace

Properties own_properties(bool read_committed) {
  return {
      {"consume.record.batches", "true"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "error"},
      {"enable.partition.eof", "true"},
      {"check.crcs", "true"},
      {"allow.auto.create.topics", "false"},
      {"isolation.level", read_committed ? "read_committed" : "read_uncommitted"},
      // The limits of queues and fetches come later, when the partitions are known. Until then the
      // smallest, since receive.message.max.bytes must not be below them.
      {"queued.max.messages.kbytes", "1"},
      // A full queue that drains is fetched at once (see the patch); this is for limits that
      // change.
      {"fetch.queue.backoff.ms", "100"},
      {"fetch.error.backoff.ms", "100"},
      {"log.queue", "true"},
      {"enable.metrics.push", "false"},
      {"fetch.min.bytes", "1"},
      {"statistics.interval.ms", "0"},
  };
}

const std::map<std::string, KnownProperty>& known_properties() {
  static const std::map<std::string, KnownProperty> known = read_properties();
  return known;
}

Status unaccepted_value(const std::string& name) {
  const auto known = known_properties().find(name);
  const std::string range = known == known_properties().end() ? "" : known->second.range;
  return value_not_accepted(name, range);
}

Status refused_configuration(const std::string& reason, const Properties& config) {
  const std::string refused = reason.substr(0, reason.find(' '));
  // OpenSSL's words for a file that is not there are "system lib".
  for (const auto& [name, value] : config) {
    const bool is_file = name.find(".location") != std::string::npos;
    if (is_file && name == refused && access(value.c_str(), R_OK) != 0)
      return file_not_readable(name, value, errno);
  }
  return configuration_refused(refused, reason);
}

}  // namespace tidemark
