#include "segments/open_files.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "segments/segment_reader.h"

namespace tidemark {
namespace {

// Of the limit as it is: a process may change it.
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

void OpenFiles::keep(SegmentReader& file) {
  std::vector<int> surplus;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    kept_.push_back(&file);
    most_ = std::min(most_ + 1, most_open_files());
    surplus = take_down_to(most_);
  }
  close_all(surplus);
}

void OpenFiles::take_back(SegmentReader& file) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto place = std::find(kept_.begin(), kept_.end(), &file);
  if (place != kept_.end()) kept_.erase(place);
}

uint64_t OpenFiles::closed() {
  std::lock_guard<std::mutex> lock(mutex_);
  return closed_;
}

bool OpenFiles::make_room(uint64_t closed_before) {
  std::vector<int> surplus;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    if (kept_.empty()) {
      has_closed_.wait(lock, [&] { return closed_ != closed_before || closing_ == 0; });
      return closed_ != closed_before;
    }
    most_ = kept_.size() / 2;
    surplus = take_down_to(most_);
  }
  close_all(surplus);
  return true;
}

std::vector<int> OpenFiles::take_down_to(size_t count) {
  std::vector<int> taken;
  for (; kept_.size() > count; kept_.pop_front())
    taken.push_back(kept_.front()->release());
  closing_ += taken.size();
  return taken;
}

// Without the lock: a file system that hangs must not hold up who reads from another one.
void OpenFiles::close_all(const std::vector<int>& files) {
  if (files.empty()) return;
  for (const int file : files)
    ::close(file);
  std::lock_guard<std::mutex> lock(mutex_);
  closing_ -= files.size();
  closed_ += files.size();
  has_closed_.notify_all();
}

}  // namespace tidemark
