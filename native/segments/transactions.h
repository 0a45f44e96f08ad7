// Transactions: which record batches of a partition belong to aborted transactions, and where the
// oldest open one begins. It is told of the batches in offset order.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace tidemark {

class Transactions {
 public:
  // A batch of data in a transaction.
  void add_data(int64_t producer_id, int64_t base_offset) {
    open_.emplace(producer_id, base_offset);
  }
  // A marker: the producer's transaction ends there.
  void end(int64_t producer_id, int64_t offset, bool is_aborted);
  // What may be a marker cannot be read. Those that are open there stay open: the next marker of
  // their producer may be of another transaction, and say the contrary.
  void hold() {
    if (!held_) held_ = first_open();
  }

  bool has_open() const { return !open_.empty(); }
  // Of the oldest transaction that has no marker: from there on nothing is stable.
  std::optional<int64_t> first_open() const;
  // Of a batch in a transaction.
  bool is_aborted(int64_t producer_id, int64_t base_offset) const;

 private:
  struct Range {
    int64_t first, last;
  };

  std::unordered_map<int64_t, int64_t> open_;                // producer id → first offset
  std::optional<int64_t> held_;                              // what first_open() was then
  std::unordered_map<int64_t, std::vector<Range>> aborted_;  // by producer id, in offset order
};

}  // namespace tidemark
