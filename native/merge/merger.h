// Merger: the k-way merge of the partitions' heads in the order (merge key, topic, partition),
// first of the replay, then of what is there in live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "columns/slab_builder.h"
#include "merge/partition.h"
#include "status.h"

namespace tidemark {

class Merger {
 public:
  enum class Outcome : uint8_t {
    kFull,         // the builder takes no more rows
    kBlocked,      // replay: blocked_on() is empty and not proven to be at its end
    kReplayEnded,  // the last record of the replay is in the builder: the slab must be cut here.
                   // From the next call on the merger is live
    kDrained,      // live: all that was held is in the builder
    kFailed,       // status() says why; what could be released before it is in the builder
  };

  // `partitions` sorted by (topic, partition); the tree's index is the place in this list.
  // With fail_on_late_record a late record ends the stream with kLateRecord, before it.
  Merger(std::vector<std::unique_ptr<Partition>> partitions, bool fail_on_late_record);

  // Appends what may be released to `builder`, until one of the outcomes above.
  Outcome merge(SlabBuilder& builder);

  // The input of partition `index` changed (push or reach). Without this in live its records are
  // not looked at; in the replay it is not needed.
  void notify(size_t index);

  // True when every partition was exhausted and its last replay record is appended. A merger
  // without anything to replay is live from the start.
  bool is_live() const;
  // Smallest merge key of the partitions in the replay; null until each has had a record or is
  // proven at its end, null in live, null while a first record has no timestamp.
  std::optional<int64_t> low_water_mark() const;
  size_t blocked_on() const;  // after kBlocked
  const Status& status() const;

  size_t size() const;
  Partition& partition(size_t index);
  const Partition& partition(size_t index) const;
};

}  // namespace tidemark
