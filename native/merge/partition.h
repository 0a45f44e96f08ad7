// Partition: the held record batches of one partition, its head, its position, its replay range.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "kafka/record.h"
#include "kafka/record_batch.h"
#include "merge/topic_partition.h"
#include "status.h"

namespace tidemark {

// Owns the memory that one or more record batches point into; freed when the last was consumed.
using BatchOwner = std::unique_ptr<void, void (*)(void*)>;

constexpr int64_t kNoCutoff = std::numeric_limits<int64_t>::max();
// Merge key of a record without timestamp that is the first of its partition.
constexpr int64_t kSmallestMergeKey = std::numeric_limits<int64_t>::min();

struct ReplayRange {
  int64_t start_offset;         // first offset of the replay
  int64_t end_offset;           // one past the last; <= start_offset: nothing to replay
  int64_t cutoff = kNoCutoff;   // epoch ms: ends before the first record at or past it
};

// What the partition may do when a record batch does not follow on from its position.
enum class GapPolicy : uint8_t {
  kError,  // every offset of a log is covered by a record batch: a gap is loss
  kCount,  // the topic is compacted, or it could not be asked: gaps are counted
};

class Partition {
 public:
  Partition(TopicPartition id, ReplayRange range, GapPolicy gap_policy);

  // --- in: what was fetched -------------------------------------------------------------------
  // Takes a record batch. `owner` (may be empty) is let go when this batch is done with; an op
  // that carries several batches gives it with the last. `bytes` is what the op costs in memory,
  // given with the owner, 0 otherwise. Fails on a gap, a step back, or a malformed batch.
  Status push(const RecordBatch& batch, BatchOwner owner, size_t bytes);
  // End-of-partition event: nothing is at or past `offset` yet. Moves the position forward only.
  void reach(int64_t offset);

  // --- the head -------------------------------------------------------------------------------
  // Next records in offset order, decoded ahead; empty when nothing is held or, in the replay,
  // when the next record is not part of it. The span stays valid until consume() or push().
  const Record* head() const;      // nullptr when there is none
  size_t head_count() const;       // records decoded and not consumed, all in the current phase
  // Takes `count` <= head_count() records off; decodes on when the span is used up. A record that
  // does not parse ends in status(), after the good records before it.
  void consume(size_t count);

  // --- the replay -----------------------------------------------------------------------------
  bool has_head() const;
  bool exhausted() const;          // proven at its end offset, or ended by the cutoff; a flag
  void go_live();                  // from here on head() shows all records

  // --- state ----------------------------------------------------------------------------------
  const TopicPartition& id() const;
  const ReplayRange& range() const;
  const Status& status() const;              // first fault, ok() while there is none
  int64_t position() const;                  // next offset that will be read
  size_t held_bytes() const;                 // of the ops held
  int64_t held_records() const;              // records fetched and not consumed
  std::optional<int64_t> consumed_offset() const;   // last offset of a record fetched
  std::optional<int64_t> released_offset() const;   // last record consumed
  std::optional<int64_t> released_merge_key() const;  // of the last record consumed
  std::optional<int64_t> last_message_timestamp() const;  // of the newest record fetched
  int64_t late_records() const;              // consumed records whose timestamp < merge key
  int64_t gaps() const;                      // offsets skipped under GapPolicy::kCount
};

}  // namespace tidemark
