// ReadAhead: the thread that looks logs up, then reads and inflates ahead of the merge: first what
// a partition lacks of which nothing is there, since the merge may wait for it, then what has room.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "log/inflate.h"
#include "log/partition_input.h"
#include "segments/batch_reader.h"
#include "segments/log_lookup.h"
#include "segments/piece.h"
#include "source/bell.h"
#include "source/source.h"
#include "status.h"

namespace tidemark {

class ReadAhead {
 public:
  // Starts the thread, which keeps it alive. `bell` is not rung after close().
  static Status start(std::string folder, Demand demand, Bell& bell,
                      std::shared_ptr<ReadAhead>* started);

  // Of the look-up, once; nothing while it goes on.
  std::optional<std::pair<Status, FoundLogs>> take_outcome();
  // How much is read ahead of each partition, and of how many bytes a piece is.
  void set_limits(size_t ahead_bytes, size_t piece_bytes);
  void begin(PartitionHandle partition, std::shared_ptr<const PartitionLog> log,
             int64_t start_offset);
  void stop(PartitionHandle partition);
  Source::Taken take(PartitionHandle partition, size_t room, PartitionInput& input);
  SourceMemory memory();
  // Returns when the thread has ended, or at the deadline: one that waits for a disk is left alone.
  void close(std::chrono::milliseconds timeout);

 private:
  struct Stream {
    Stream(PartitionHandle its_handle, std::shared_ptr<const PartitionLog> log, int64_t start)
        : handle(its_handle), reader(std::move(log), start) {}

    const PartitionHandle handle;
    BatchReader reader;  // of the thread
    std::deque<std::unique_ptr<Piece>> pieces;
    size_t ahead_bytes = 0;   // of the pieces
    bool is_waiting = false;  // in one of the lists, or being read
    bool is_over = false;     // its last piece was read, or it was stopped
  };

  ReadAhead(std::string folder, Demand demand, Bell& bell);

  void run();
  void read_streams();
  // With the lock held.
  std::shared_ptr<Stream> next_stream();
  void read_on_if_room(const std::shared_ptr<Stream>& stream);
  void put(const std::shared_ptr<Stream>& stream, std::unique_ptr<Piece> piece);
  std::shared_ptr<Stream> find(PartitionHandle partition) const;

  const std::string folder_;
  const Demand demand_;
  Bell& bell_;
  const std::shared_ptr<PiecePool> pool_ = std::make_shared<PiecePool>(32 << 20);
  std::atomic<bool> is_closing_{false};
  Inflater inflater_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  size_t ahead_bytes_ = 0, piece_bytes_ = 0;
  std::optional<std::pair<Status, FoundLogs>> outcome_;
  std::vector<std::shared_ptr<Stream>> streams_;    // by the handle's slot
  std::deque<std::shared_ptr<Stream>> empty_ones_;  // nothing of them is there
  std::deque<std::shared_ptr<Stream>> with_room_;
};

}  // namespace tidemark
