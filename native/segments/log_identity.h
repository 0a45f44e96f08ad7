// log_identity: what tells a folder's topics from others of their names: what its broker has
// written beside the segments. A folder without, as a capture is, tells nothing.
#pragma once

#include <string>

#include "log/topic_identity.h"

namespace tidemark {

// cluster.id of meta.properties in a broker's data folder; empty where there is none.
std::string cluster_id_in(const std::string& folder);
// topic_id of partition.metadata in a partition's folder.
TopicId topic_id_in(const std::string& folder);

}  // namespace tidemark
