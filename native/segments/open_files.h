// OpenFiles: the segments that the sources of this process keep open between two reads: at most a
// quarter of what the process may have open, and 128, for all sources together, since it has other
// things to open. With a limit for each, a few sources took all there were.
#pragma once

#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace tidemark {

class SegmentReader;

// From any thread.
class OpenFiles {
 public:
  static OpenFiles& of_process();

  // `file`, which is open, may be closed by anybody until it is taken back. Where too many are
  // kept, those are closed that were read least lately.
  void keep(SegmentReader& file);
  // It may have been closed, or not have been kept.
  void take_back(SegmentReader& file);
  // Until `open` answers true, or fails for another reason than that too many are open, or there is
  // none to close. `open` leaves its reason in errno, and so does this.
  template <typename Open>
  bool open(Open&& open) {
    for (;;) {
      const uint64_t closed_before = closed();
      if (open()) return true;
      const int fault = errno;
      const bool is_full = fault == EMFILE || fault == ENFILE;
      if (is_full && make_room(closed_before)) continue;
      errno = fault;
      return false;
    }
  }

 private:
  OpenFiles() = default;

  uint64_t closed();
  // Closes half of what is kept, so that what else the process does gets some, too; from there it
  // is one more with each that is kept. Where none is kept any more because another thread closes
  // them at this moment, it waits for that: several sources that found no room at once failed.
  // False: none was closed since `closed_before`.
  bool make_room(uint64_t closed_before);

  // With the lock held: the files of those that are kept no more, to be closed.
  std::vector<int> take_down_to(size_t count);
  void close_all(const std::vector<int>& files);

  std::mutex mutex_;
  std::condition_variable has_closed_;
  std::deque<SegmentReader*> kept_;  // in the order of their reads
  size_t most_ = 0;                  // to be kept now
  size_t closing_ = 0;
  uint64_t closed_ = 0;
};

}  // namespace tidemark
