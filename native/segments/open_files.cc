#include "segments/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include "segments/segment_reader.h"

namespace tidemark {
namespace {

size_t most_open_files() {
  constexpr rlim_t kMost = 128;
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMost;
  return std::clamp<rlim_t>(limit.rlim_cur / 4, 1, kMost);
}

}  // namespace

// Never destroyed: a thread that waits for a disk may outlive all else.
OpenFiles& OpenFiles::of_process() {
  static OpenFiles* const files = new OpenFiles();
  return *files;
}

void OpenFiles::allow_all() {
  std::lock_guard<std::mutex> lock(mutex_);
  most_ = most_open_files();
}

void OpenFiles::keep(SegmentReader& file) {
  std::lock_guard<std::mutex> lock(mutex_);
  kept_.push_back(&file);
  close_down_to(most_);
}

void OpenFiles::take_back(SegmentReader& file) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto place = std::find(kept_.begin(), kept_.end(), &file);
  if (place != kept_.end()) kept_.erase(place);
}

bool OpenFiles::make_room(int fault) {
  if (fault != EMFILE && fault != ENFILE) return false;
  std::lock_guard<std::mutex> lock(mutex_);
  if (kept_.empty()) return false;
  most_ = std::max<size_t>(kept_.size() / 2, 1);
  close_down_to(kept_.size() / 2);
  return true;
}

void OpenFiles::close_down_to(size_t count) {
  while (kept_.size() > count) {
    kept_.front()->close();
    kept_.pop_front();
  }
}

}  // namespace tidemark
