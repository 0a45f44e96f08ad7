// PartitionTable: owns the partitions of a stream, each under a handle that is never used twice,
// and what they share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/inflate_thread.h"
#include "engine/partition_stream.h"
#include "merge/window_pool.h"

namespace tidemark {

class PartitionTable {
 public:
  PartitionStream& add(InputPartition input) {
    uint32_t slot;
    if (free_.empty()) {
      slot = static_cast<uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    Slot& place = slots_[slot];
    place.stream = std::make_unique<PartitionStream>(PartitionHandle{slot, place.generation},
                                                     std::move(input), windows_);
    ++size_;
    return *place.stream;
  }

  void remove(PartitionHandle handle) {
    if (!find(handle)) return;
    Slot& place = slots_[handle.slot];
    place.stream.reset();
    ++place.generation;
    free_.push_back(handle.slot);
    --size_;
  }

  // Null for a partition that is gone.
  PartitionStream* find(PartitionHandle handle) {
    if (handle.slot >= slots_.size() || slots_[handle.slot].generation != handle.generation)
      return nullptr;
    return slots_[handle.slot].stream.get();
  }

  // By its slot, as the merge knows it; null where none is.
  PartitionStream* in(size_t slot) { return slots_[slot].stream.get(); }
  const PartitionStream* in(size_t slot) const { return slots_[slot].stream.get(); }
  size_t slots() const { return slots_.size(); }

  template <typename Visit>
  void for_each(Visit visit) {
    for (const Slot& slot : slots_) {
      if (slot.stream) visit(*slot.stream);
    }
  }
  // The end: nothing is added any more.
  void clear() {
    slots_.clear();
    ahead_.close();
    free_.clear();
    size_ = 0;
  }

  size_t size() const { return size_; }  // partitions that are there
  // What it costs to inflate what they hold. From any thread.
  size_t inflating_bytes() const { return windows_.memory_bytes(); }

 private:
  struct Slot {
    uint32_t generation = 0;
    std::unique_ptr<PartitionStream> stream;
  };

  InflateThread ahead_;
  WindowPool windows_{InflatedWindow::kStep, &ahead_};
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  size_t size_ = 0;
};

}  // namespace tidemark
