// The release rule: when may the first head be released? One table of cases.
//
// The idea is that of Kafka Streams' PartitionGroup (a record is processed when every partition
// has one buffered or is known to be caught up), without its wall-clock escape.
//
// The set of partitions may change. One that joins in the replay sets its bound from then on; what
// was released before is not taken back, so that its records below the merge key released last come
// late in the stream, though in merge order from there on. One that leaves sets no bound any more,
// and nothing that is held of it is released. In live nobody waits for anybody: both are allowed at
// any time.
#pragma once

#include <cstdint>

namespace tidemark {

// What a partition that is in the replay sets as a bound on all others. The order of the
// enumerators is the order in the merge: who may hold up the others comes first.
enum class ReleaseBound : uint8_t {
  kNothing,  // empty here and not proven to be at its end: nothing may be released
  kHead,     // has a head: its head's merge key
  kNone,     // empty here and proven at its end, or ended by the cutoff: no bound
};

constexpr ReleaseBound release_bound(bool has_head, bool exhausted) {
  if (has_head) return ReleaseBound::kHead;
  return exhausted ? ReleaseBound::kNone : ReleaseBound::kNothing;
}

}  // namespace tidemark
