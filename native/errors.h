// Errors: the words of every error that the core raises, and the one way in which they say where.
// An error says what happened and, after a semicolon, what to do. Names of options stand here
// alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "status.h"

namespace tidemark {

// Where something happened: "topic 'trades', partition 3, offset 17", behind "source 'eu': " where
// the source has a name.
struct Place {
  std::string topic;
  int32_t partition = -1;  // -1: it is about the topic
  int64_t offset = -1;     // -1: it is about the partition
  std::string source{};    // empty: it has no name, or nobody who knows it has told yet

  std::string text() const;
};

// What to do about any error of this code; empty where each has words of its own.
std::string advice(ErrorCode code);

// "what; advice"
Status error_of(ErrorCode code, const std::string& what);
// "place: what; advice", and the place as fields.
Status error_at(const Place& place, ErrorCode code, const std::string& what);
// What a source has told, which does not know its name.
Status of_source(Status status, const std::string& name);

// --- what comes out of a log --------------------------------------------------------------------

Status late_record(const Place& place, int64_t timestamp, int64_t merge_key);
Status corrupt_header(const Place& place, const char* fault);
Status corrupt_record(const Place& place, int64_t base_offset, const char* fault);
Status offset_step_back(const Place& place, int64_t next_offset);
Status offset_gap(const Place& place, int64_t last_missing);
// Message formats v0 and v1, wherever they come from.
Status old_format(const Place& place);

// --- what the process lacks ---------------------------------------------------------------------

Status no_memory_to_hold(const Place& place);
Status no_memory_for_batch();
Status no_thread(const std::string& reason);
Status budget_too_small(size_t bytes, size_t partitions, size_t least);

// --- Kafka --------------------------------------------------------------------------------------

Status no_partitions(const std::string& topic);
Status no_time_lookup(const Place& place);
struct CreateTimeout {
  std::string doing;                  // for example "listing the end offsets"
  Status waits_for;                   // of which topic or partition; ok: no broker has answered
  std::chrono::milliseconds timeout;  // createTimeoutMs
  std::string servers;                // bootstrap.servers
  std::string last_error;             // of a broker; empty: none
  std::string warnings;               // librdkafka's, about the configuration
};
// Retriable.
Status create_timeout(const CreateTimeout& timeout);
Status token_refused(const std::string& reason);
Status value_not_accepted(const std::string& property, const std::string& range);
Status file_not_readable(const std::string& property, const std::string& path, int fault);
// `property` is the one that the reason is about, empty if it names none.
Status configuration_refused(const std::string& property, const std::string& reason);

// --- objects that are closed --------------------------------------------------------------------

// `what` is for example "the manager".
Status closed(const std::string& what);
Status closed_while_opening();

}  // namespace tidemark
