// InflateThread: inflates what follows the windows that the merge reads, on a thread of its own: a
// step of each, those first that were asked for first, which the merge needs first.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "merge/inflate_ahead.h"

namespace tidemark {

class InflateThread final : public InflateAhead {
 public:
  ~InflateThread() { close(); }

  // The first one starts the thread. Where the system has none, nothing is inflated ahead.
  void ask(NextPiece& piece) override;
  void settle(NextPiece& piece) override;
  // Returns when the thread has ended. Nothing is inflated ahead any more.
  void close();

 private:
  void run();
  // With the lock held.
  void push(NextPiece& piece);
  void take_out(NextPiece& piece);

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable asked_;
  std::condition_variable done_;
  // Pieces that are asked for, linked in their order: a queue that takes no memory.
  NextPiece* first_ = nullptr;
  NextPiece* last_ = nullptr;
  NextPiece* under_way_ = nullptr;
  bool is_started_ = false;
  bool is_closing_ = false;
};

}  // namespace tidemark
