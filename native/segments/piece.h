// Piece: some record batches of one partition, in offset order, and the memory that they point
// into; PiecePool: those that are done with, to be filled again.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "log/byte_buffer.h"
#include "log/partition_input.h"
#include "log/record_batch.h"
#include "status.h"

namespace tidemark {

class PiecePool;

struct Piece {
  std::vector<RecordBatch> batches;
  std::optional<int64_t> reach;  // behind the batches nothing is to come before this offset
  Status status;                 // or why nothing more comes
  ByteBuffer stored;             // records that are not compressed, as they stand in the file
  ByteBuffer inflated;           // those that were
  std::shared_ptr<PiecePool> pool;

  size_t bytes() const { return stored.capacity() + inflated.capacity(); }
  bool is_last() const { return reach.has_value() || !status.ok(); }
};

// The batches, then what comes behind them. The piece goes back to its pool with the last batch.
void hand_over(std::unique_ptr<Piece> piece, PartitionInput& input);

class PiecePool {
 public:
  // Keeps at most so many bytes.
  explicit PiecePool(size_t most_bytes) : most_bytes_(most_bytes) {}

  static std::unique_ptr<Piece> take(const std::shared_ptr<PiecePool>& pool);
  // From any thread.
  static void give_back(std::unique_ptr<Piece> piece);

  // Of pieces that were handed over, and are not given back.
  std::atomic<size_t>& taken_bytes() { return taken_bytes_; }
  size_t free_bytes();

 private:
  const size_t most_bytes_;
  std::atomic<size_t> taken_bytes_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Piece>> free_;
  size_t free_bytes_ = 0;
};

}  // namespace tidemark
