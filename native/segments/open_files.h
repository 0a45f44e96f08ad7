// OpenFiles: the segments that the sources of this process keep open between two reads: at most a
// quarter of what the process may have open, and 128, for all sources together, since it has other
// things to open. With a limit for each, a few sources took all there were.
#pragma once

#include <cstddef>
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
  // After a `fault` of the system that says that no more can be open: closes half of what is kept,
  // so that what else the process does gets some, too. From there it is one more with each that is
  // kept. False: it is another fault, or none is kept.
  bool make_room(int fault);

 private:
  OpenFiles() = default;

  // With the lock held: the files of those that are kept no more.
  std::vector<int> take_down_to(size_t count);
  static void close_all(const std::vector<int>& files);

  std::mutex mutex_;
  std::deque<SegmentReader*> kept_;  // in the order of their reads
  size_t most_ = 0;                  // to be kept now
};

}  // namespace tidemark
