#include "segments/log_directory.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>

#include "errors.h"
#include "segments/open_files.h"

namespace tidemark {
namespace {

constexpr char kSuffix[] = ".log";
constexpr size_t kOffsetDigits = 20;

bool has_only_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// Digits that are no number of this size are not one.
template <typename Integer>
std::optional<Integer> number_of(const std::string& digits) {
  if (!has_only_digits(digits)) return std::nullopt;
  Integer number = 0;
  for (const char digit : digits) {
    if (__builtin_mul_overflow(number, 10, &number)) return std::nullopt;
    if (__builtin_add_overflow(number, digit - '0', &number)) return std::nullopt;
  }
  return number;
}

// "orders-eu-12": the topic's name may have dashes, too. A broker's other folders end in -delete,
// -future, -stray or a hash, and have a dot.
std::optional<std::pair<std::string, int32_t>> partition_of(const std::string& name) {
  const size_t dash = name.rfind('-');
  if (dash == std::string::npos || dash == 0) return std::nullopt;
  const std::string digits = name.substr(dash + 1);
  const auto partition = number_of<int32_t>(digits);
  if (!partition || std::to_string(*partition) != digits) return std::nullopt;
  return std::pair(name.substr(0, dash), *partition);
}

std::optional<int64_t> base_offset_of(const std::string& name) {
  if (name.size() != kOffsetDigits + sizeof(kSuffix) - 1) return std::nullopt;
  if (name.compare(kOffsetDigits, std::string::npos, kSuffix) != 0) return std::nullopt;
  return number_of<int64_t>(name.substr(0, kOffsetDigits));
}

Status list(const std::string& path, std::vector<std::string>* names) {
  std::unique_ptr<DIR, int (*)(DIR*)> folder(nullptr, closedir);
  const bool is_open = OpenFiles::of_process().open([&] {
    folder.reset(opendir(path.c_str()));
    return folder != nullptr;
  });
  if (!is_open) return segment_unreadable(path, errno);
  names->clear();
  for (;;) {
    errno = 0;
    const dirent* const entry = readdir(folder.get());
    if (!entry) return errno == 0 ? Status() : segment_unreadable(path, errno);
    names->push_back(entry->d_name);
  }
}

// `*vanished`: one that was listed is not there any more.
Status list_segments(const std::string& folder, std::vector<Segment>* segments, bool* vanished) {
  std::vector<std::string> names;
  if (Status status = list(folder, &names); !status.ok()) return status;
  segments->clear();
  *vanished = false;
  // All names come before the first size: a segment that has a follower does not grow any more.
  for (const std::string& name : names) {
    const std::optional<int64_t> base_offset = base_offset_of(name);
    if (!base_offset) continue;
    const std::string path = folder + "/" + name;
    struct stat facts;
    if (stat(path.c_str(), &facts) != 0) {
      if (errno != ENOENT) return segment_unreadable(path, errno);
      *vanished = true;
      continue;
    }
    if (!S_ISREG(facts.st_mode)) continue;
    segments->push_back(
        {path, *base_offset, static_cast<uint64_t>(facts.st_size), facts.st_dev, facts.st_ino});
  }
  std::sort(segments->begin(), segments->end(),
            [](const Segment& a, const Segment& b) { return a.base_offset < b.base_offset; });
  for (size_t i = 0; i + 1 < segments->size(); ++i)
    (*segments)[i].end_offset = (*segments)[i + 1].base_offset;
  return Status();
}

}  // namespace

Status LogDirectory::open() {
  std::vector<std::string> names;
  if (Status status = list(path_, &names); !status.ok()) return status;
  for (const std::string& name : names) {
    const auto partition = partition_of(name);
    if (!partition) continue;
    const std::string path = path_ + "/" + name;
    struct stat facts;
    if (stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) folders_[*partition] = path;
  }
  return read_log_starts();
}

Status LogDirectory::find(const std::string& topic, std::vector<PartitionFolder>* found) const {
  constexpr int kAttempts = 5;  // a broker may delete old segments just now
  for (auto folder = folders_.lower_bound({topic, std::numeric_limits<int32_t>::min()});
       folder != folders_.end() && folder->first.first == topic; ++folder) {
    PartitionFolder partition{folder->first.second, folder->second, {}};
    bool vanished = true;
    for (int attempt = 0; vanished && attempt < kAttempts; ++attempt) {
      Status status = list_segments(folder->second, &partition.segments, &vanished);
      if (!status.ok()) return status;
    }
    if (vanished) return segment_changed(folder->second, "lost segments again and again");
    if (!partition.segments.empty()) found->push_back(std::move(partition));
  }
  return Status();
}

// A version, a count, then a line for each partition: topic, number, offset. A broker writes it
// once a minute and when it stops; a folder that was put together by hand has none. What does not
// parse is left out: the log's first segment says where it begins.
Status LogDirectory::read_log_starts() {
  const std::string path = path_ + "/log-start-offset-checkpoint";
  std::ifstream file;
  const bool is_open = OpenFiles::of_process().open([&] {
    errno = 0;
    file.open(path);
    return file.is_open();
  });
  if (!is_open) return errno == ENOENT ? Status() : segment_unreadable(path, errno);
  std::string version, count, topic, partition, offset;
  if (!(file >> version >> count) || version != "0") return Status();
  while (file >> topic >> partition >> offset) {
    const auto number = number_of<int32_t>(partition);
    const auto start = number_of<int64_t>(offset);
    if (number && start) log_starts_[{topic, *number}] = *start;
  }
  return Status();
}

int64_t LogDirectory::log_start_offset(const std::string& topic, int32_t partition) const {
  const auto found = log_starts_.find({topic, partition});
  return found == log_starts_.end() ? 0 : found->second;
}

}  // namespace tidemark
