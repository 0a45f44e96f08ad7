// Source: where the record batches of a stream come from: a Kafka cluster, a folder of log
// segments, a fake in tests. The engine knows no other way to a record.
//
//   open(demand) ──► on_assigned ──► start(partition) ──► bell rings ──► take(partition) ── …
//   close()
//                    on_failed                                           enter_live() ──►
//                    on_assigned
//
// All of it is called from the engine's thread, unless it says otherwise. Nothing waits but
// close().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "clock.h"
#include "log/inflate_codec.h"
#include "log/partition_input.h"
#include "log/replay_range.h"
#include "log/topic_identity.h"
#include "log/topic_partition.h"
#include "source/bell.h"
#include "source/client_event.h"
#include "source/demand.h"
#include "source/partition_handle.h"
#include "source/source_memory.h"
#include "status.h"

namespace tidemark {

struct AssignedPartition {
  TopicPartition id;
  ReplayRange range;
  GapPolicy gap_policy = GapPolicy::kCount;
  size_t most_inflated_bytes = kMostInflatedBytes;  // of a record batch
  std::shared_ptr<const TopicIdentity> identity{};  // of its topic; null: nothing is known
};

// What a source tells, from within serve(); from close(), too, what is of no partition.
class SourceEvents {
 public:
  // The first time: all partitions of the demand, with which the source is open. Later: partitions
  // that join. The engine starts each of them.
  virtual void on_assigned(std::vector<AssignedPartition> partitions) = 0;
  // These are somebody else's now, or are gone: what is held of them is dropped.
  virtual void on_revoked(const std::vector<PartitionHandle>& partitions) = 0;
  // A fault of a partition: it comes after what was fetched of it.
  virtual void on_partition_failed(PartitionHandle partition, Status status) = 0;
  // The source cannot be opened. Nothing follows.
  virtual void on_failed(Status status) = 0;
  virtual void on_client_event(ClientEvent event) = 0;
  virtual void on_log(LogLine line) = 0;
  // A token is needed (OAUTHBEARER).
  virtual void on_token_request() = 0;

 protected:
  ~SourceEvents() = default;
};

// How far a partition could be read by now.
struct Progress {
  int64_t end_offset = -1;  // one past the last record that is visible; -1: not known
  bool has_error = false;   // which hides whether there is more
};

// What is known of a partition from which nothing comes.
struct StallFacts {
  std::string where;         // a clause on its broker or file
  std::string last_error;    // of the partition itself; empty: none
  int32_t kafka_code = 0;    // of last_error
  int64_t throttled_ms = 0;  // for so long nothing is sent, since the client has a quota
};

class Source {
 public:
  // What take() has handed over.
  struct Taken {
    bool any = false;
    // More is there, but no room for it. If not, the bell rings for the next one.
    bool has_more = false;
  };

  virtual ~Source() = default;

  // Begins to look up which partitions there are, and their offsets. `events` and `bell` outlive
  // the source's use, which ends with close().
  virtual void open(const Demand& demand, SourceEvents& events, Bell& bell) = 0;
  // Does what is due, and tells what has happened. Returns when it wants to be called again, if the
  // bell does not ring before.
  virtual Clock::time_point serve(Clock::time_point now) = 0;

  // Divides `bytes` between `partitions`: before the first one starts, and before others join.
  // Returns how many bytes of each partition the engine is to hold.
  virtual size_t share_budget(size_t bytes, size_t partitions) = 0;
  // Begins to read an assigned partition, from the start of its range.
  virtual Status start(PartitionHandle partition, const AssignedPartition& assigned) = 0;
  // Ends the reading of a partition that has failed or was revoked, and drops what was fetched.
  // May be called again.
  virtual void stop(PartitionHandle partition) = 0;
  // Hands over what is there: about `room` bytes, one piece in any case.
  virtual Taken take(PartitionHandle partition, size_t room, PartitionInput& input) = 0;

  // The replay is over: from now on a record is wanted as it arrives.
  virtual void enter_live() = 0;
  virtual Progress progress(PartitionHandle partition) = 0;
  virtual StallFacts stall_facts(PartitionHandle partition) const = 0;

  // From any thread, once it is open; nothing is left after close().
  virtual SourceMemory memory() { return SourceMemory(); }

  // It has something to bring to a disk when it is closed.
  virtual bool writes() const { return false; }
  // Ends all within `timeout`. Every record batch that came from here was let go before.
  virtual void close(std::chrono::milliseconds timeout) = 0;
};

}  // namespace tidemark
