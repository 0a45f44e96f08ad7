#include "segments/log_identity.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fstream>

#include "segments/open_files.h"
#include "token/base64url.h"

namespace tidemark {
namespace {

constexpr size_t kIdBytes = 16;

// What stands behind `name` at the beginning of a line; empty: no line has it. A file that cannot
// be read is none: what tells less is no reason not to read the log.
std::string value_in(const std::string& path, const std::string& name) {
  std::ifstream file;
  OpenFiles::of_process().open([&] {
    errno = 0;
    file.open(path);
    return file.is_open();
  });
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, name.size(), name) != 0) continue;
    line.erase(0, name.size());
    line.erase(line.find_last_not_of(" \r\t") + 1);
    return line;
  }
  return std::string();
}

}  // namespace

std::string cluster_id_in(const std::string& folder) {
  return value_in(folder + "/meta.properties", "cluster.id=");
}

TopicId topic_id_in(const std::string& folder) {
  const std::string text = value_in(folder + "/partition.metadata", "topic_id: ");
  std::string bytes;
  if (!from_base64url(text.data(), text.size(), &bytes) || bytes.size() != kIdBytes)
    return kNoTopicId;
  const auto half_at = [&bytes](size_t at) {
    uint64_t half = 0;
    for (size_t i = at; i < at + kIdBytes / 2; ++i)
      half = half << 8 | static_cast<uint8_t>(bytes[i]);
    return static_cast<int64_t>(half);
  };
  return {half_at(0), half_at(kIdBytes / 2)};
}

}  // namespace tidemark
