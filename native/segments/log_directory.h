// LogDirectory: a broker's data folder, or a copy of one: which partitions of a topic it has, and
// the segments of each.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "status.h"

namespace tidemark {

// One `*.log` file, as it was when it was found. It is read up to its size of then.
struct Segment {
  std::string path;
  int64_t base_offset;
  uint64_t size;
  dev_t device;
  ino_t inode;
  int64_t end_offset = kNoEnd;  // the base offset of the next one: its offsets are below it

  static constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();  // of the last one
};

struct PartitionFolder {
  int32_t partition;
  std::string path;
  std::vector<Segment> segments;  // by base offset; one at least
};

class LogDirectory {
 public:
  explicit LogDirectory(std::string path) : path_(std::move(path)) {}

  // Lists the folder, and reads where its logs begin. What is not of a partition is left out; so
  // are those that a broker deletes, moves or does not know.
  Status open();
  // The partitions of `topic`, by number, without those that have no segment; none is no error.
  Status find(const std::string& topic, std::vector<PartitionFolder>* found) const;
  // What DeleteRecords, or the broker's retention, has moved the log's start to; 0 where the folder
  // does not say.
  int64_t log_start_offset(const std::string& topic, int32_t partition) const;
  const std::string& path() const { return path_; }

 private:
  Status read_log_starts();

  const std::string path_;
  std::map<std::pair<std::string, int32_t>, std::string> folders_;
  std::map<std::pair<std::string, int32_t>, int64_t> log_starts_;
};

}  // namespace tidemark
