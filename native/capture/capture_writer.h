// CaptureWriter: a Capture with a thread of its own, and a bounded queue in front of it. Whoever
// fetches waits for no disk: a queue that is full ends the capture, or is said to be full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "capture/capture_options.h"
#include "capture/disk.h"
#include "clock.h"
#include "log/batch_owner.h"
#include "log/inflate_codec.h"
#include "log/record_batch.h"
#include "log/replay_range.h"
#include "log/topic_partition.h"
#include "status.h"

namespace tidemark {

// Record batches that share their memory.
struct CapturedPiece {
  uint32_t lane = 0;
  std::vector<RecordBatch> batches;
  BatchOwner owner{nullptr, nullptr};  // let go when they are written
  size_t bytes = 0;                    // what that memory costs
};

class CaptureWriter {
 public:
  enum class State : uint8_t {
    kOpening,
    kOpen,
    kEnded,  // status() tells why. No more is taken; what has been is still written, if it can be
  };

  // `changed` is called from its thread, under a lock, when the state has changed, or when there is
  // room again for who has asked for it.
  CaptureWriter(CaptureOptions options, std::shared_ptr<Disk> disk, std::function<void()> changed);
  // close() came before.
  ~CaptureWriter();

  // As those of Capture; none of them waits.
  void start(uint32_t lane, const TopicPartition& id, const ReplayRange& range,
             GapPolicy gap_policy, size_t most_inflated_bytes = kMostInflatedBytes);
  void write(CapturedPiece piece);
  void stop(uint32_t lane);

  State state() const;
  Status status() const;
  // What was queued when it ended, and could not be written, or completed, either. After close().
  Status loss() const;
  // How many bytes may be fetched: whoever does not hold the stream has room for any. 0: `changed`
  // follows when there is room.
  size_t ask_for_room();
  // Writes what is queued, completes the segments and lets everything go, as far as that comes to
  // an end before `deadline`. Returns status().
  Status close(Clock::time_point deadline);

 private:
  struct Shared;

  // The thread's, too: one that hangs in the file system is left behind.
  const std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace tidemark
