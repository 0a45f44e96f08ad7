#include "segments/piece.h"

#include <utility>

namespace tidemark {

void hand_over(std::unique_ptr<Piece> piece, PartitionInput& input) {
  const std::optional<int64_t> reach = piece->reach;
  Status status = std::move(piece->status);
  const std::vector<RecordBatch> batches = piece->batches;
  const size_t bytes = piece->bytes();
  for (size_t i = 0; i + 1 < batches.size(); ++i)
    input.push(batches[i], BatchOwner(nullptr, [](void*) {}), 0);
  if (!batches.empty()) {
    const BatchOwner::deleter_type give_back = [](void* done) {
      std::unique_ptr<Piece> given(static_cast<Piece*>(done));
      given->pool->taken_bytes() -= given->bytes();
      PiecePool::give_back(std::move(given));
    };
    piece->pool->taken_bytes() += bytes;
    input.push(batches.back(), BatchOwner(piece.release(), give_back), bytes);
  } else {
    PiecePool::give_back(std::move(piece));
  }
  if (reach) input.reach(*reach);
  if (!status.ok()) input.fail(std::move(status));
}

std::unique_ptr<Piece> PiecePool::take(const std::shared_ptr<PiecePool>& pool) {
  std::unique_ptr<Piece> piece;
  {
    std::lock_guard<std::mutex> lock(pool->mutex_);
    if (!pool->free_.empty()) {
      piece = std::move(pool->free_.back());
      pool->free_.pop_back();
      pool->free_bytes_ -= piece->bytes();
    }
  }
  if (!piece) piece = std::make_unique<Piece>();
  piece->pool = pool;
  return piece;
}

size_t PiecePool::free_bytes() {
  std::lock_guard<std::mutex> lock(mutex_);
  return free_bytes_;
}

void PiecePool::give_back(std::unique_ptr<Piece> piece) {
  const std::shared_ptr<PiecePool> pool = std::move(piece->pool);
  piece->batches.clear();
  piece->reach.reset();
  piece->status = Status();
  piece->stored.clear();
  piece->inflated.clear();
  std::lock_guard<std::mutex> lock(pool->mutex_);
  if (pool->free_bytes_ + piece->bytes() > pool->most_bytes_) return;
  pool->free_bytes_ += piece->bytes();
  pool->free_.push_back(std::move(piece));
}

}  // namespace tidemark
