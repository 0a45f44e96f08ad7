// OpenFiles: the segments that the sources of this process keep open between two reads: at most a
// quarter of what the process may have open, and 128, for all sources together, since it has other
// things to open. With a limit for each, a few sources took all there were.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>

namespace tidemark {

class SegmentReader;

// From any thread.
class OpenFiles {
 public:
  static OpenFiles& of_process();

  // Forgets what was refused: a new source tries again with all that it may have.
  void allow_all();
  // `file`, which is open, may be closed by anybody until it is taken back. Where too many are
  // kept, those are closed that were read least lately.
  void keep(SegmentReader& file);
  // It may have been closed, or not have been kept.
  void take_back(SegmentReader& file);
  // After a `fault` of the system that says that no more can be open: closes half of what is kept,
  // and keeps no more from now on, so that what else the process does gets some, too. False: it is
  // another fault, or none is kept.
  bool make_room(int fault);

 private:
  OpenFiles() { allow_all(); }

  // With the lock held.
  void close_down_to(size_t count);

  std::mutex mutex_;
  std::deque<SegmentReader*> kept_;  // in the order of their reads
  size_t most_;
};

}  // namespace tidemark
