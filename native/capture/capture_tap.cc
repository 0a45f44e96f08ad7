#include "capture/capture_tap.h"

#include <atomic>
#include <cstring>

namespace tidemark {
namespace {

// Let go by whichever of two is the last to be done with it, on that one's thread.
struct SharedOwner {
  BatchOwner owner;
  std::atomic<int> holders{2};
};

void let_go(void* held) {
  auto* const shared = static_cast<SharedOwner*>(held);
  if (shared->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete shared;
}

BatchOwner for_capture(SharedOwner* shared) { return BatchOwner(shared, let_go); }

// What waits for the disk counts against the capture's own limit. Counted against the budget, too,
// a disk that hangs held up the stream before the capture was too slow.
BatchOwner for_merge(SharedOwner* shared) {
  return BatchOwner(shared, [](void* held) {
    const BatchOwner& owner = static_cast<SharedOwner*>(held)->owner;
    owner.get_deleter().leave(owner.get());
    let_go(held);
  });
}

// Of memory that the source keeps for itself: nobody says for how long.
void copy_records(CapturedPiece* piece) {
  size_t size = 0;
  for (const RecordBatch& batch : piece->batches)
    size += batch.size;
  if (size == 0) return;
  auto* const copy = new uint8_t[size];
  piece->owner = BatchOwner(copy, [](void* bytes) { delete[] static_cast<uint8_t*>(bytes); });
  piece->bytes = size;
  uint8_t* to = copy;
  for (RecordBatch& batch : piece->batches) {
    if (batch.size == 0) continue;
    std::memcpy(to, batch.records, batch.size);
    batch.records = to;
    to += batch.size;
  }
}

}  // namespace

CaptureTap::~CaptureTap() {
  if (piece_.batches.empty()) return;
  copy_records(&piece_);
  piece_.lane = lane_;
  capture_.write(std::move(piece_));
}

void CaptureTap::push(const RecordBatch& batch, BatchOwner owner, size_t bytes) {
  piece_.batches.push_back(batch);
  if (owner == nullptr) {
    input_.push(batch, std::move(owner), bytes);
    return;
  }
  auto* const shared = new SharedOwner{std::move(owner)};
  piece_.lane = lane_;
  piece_.owner = for_capture(shared);
  piece_.bytes = bytes;
  capture_.write(std::exchange(piece_, CapturedPiece()));
  input_.push(batch, for_merge(shared), bytes);
}

}  // namespace tidemark
