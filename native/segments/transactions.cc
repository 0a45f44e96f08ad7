#include "segments/transactions.h"

#include <algorithm>

namespace tidemark {

void Transactions::end(int64_t producer_id, int64_t offset, bool is_aborted) {
  const auto open = open_.find(producer_id);
  if (open == open_.end()) return;  // of nothing that is still there
  if (is_aborted) aborted_[producer_id].push_back({open->second, offset});
  open_.erase(open);
}

std::optional<int64_t> Transactions::first_open() const {
  std::optional<int64_t> first = held_;
  for (const auto& [producer_id, offset] : open_)
    first = std::min(first.value_or(offset), offset);
  return first;
}

bool Transactions::is_aborted(int64_t producer_id, int64_t base_offset) const {
  const auto found = aborted_.find(producer_id);
  if (found == aborted_.end()) return false;
  const std::vector<Range>& ranges = found->second;
  const auto range =
      std::lower_bound(ranges.begin(), ranges.end(), base_offset,
                       [](const Range& one, int64_t offset) { return one.last < offset; });
  return range != ranges.end() && range->first <= base_offset;
}

}  // namespace tidemark
