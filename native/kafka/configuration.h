// Configuration: librdkafka's properties: which there are, which are the engine's own, and what is
// said of values that librdkafka refuses.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "status.h"

namespace tidemark {

using Properties = std::vector<std::pair<std::string, std::string>>;

struct KnownProperty {
  // 'P'roducer, 'C'onsumer or '*'.
  char scope;
  // "0 .. 900000", "plaintext, ssl, …"; empty where any text will do.
  std::string range;
  // The property that this is another name of; empty: of none.
  std::string alias_of;
};

// What the engine sets itself. src/options/owned-properties.ts refuses a user's different value.
Properties own_properties(bool read_committed);

// All that librdkafka knows, by name.
const std::map<std::string, KnownProperty>& known_properties();

// Of a property whose value librdkafka does not accept. Names it and what it takes, not the value,
// which may be a secret.
Status unaccepted_value(const std::string& name);

// Of a configuration as a whole, from librdkafka's reason.
Status refused_configuration(const std::string& reason, const Properties& config);

}  // namespace tidemark
