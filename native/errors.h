// Errors: the words of every error that the core raises, and the one way in which they say where.
// An error says what happened and, after a semicolon, what to do. Names of options stand here
// alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

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

// `status` with the place as fields, whose words are its own: it is about a file, for example.
Status with_place(Status status, const Place& place);

// --- what comes out of a log --------------------------------------------------------------------

Status late_record(const Place& place, int64_t timestamp, int64_t merge_key);
Status corrupt_header(const Place& place, const char* fault);
Status corrupt_record(const Place& place, int64_t base_offset, const char* fault);
// The record batch was compressed by a codec that is not known.
Status unknown_codec(const Place& place, int codec);
// By one that is, in a way that is not read.
Status unsupported_compression(const Place& place);
// It inflates to more than the limit.
Status too_large_inflated(const Place& place);
Status offset_step_back(const Place& place, int64_t next_offset);
Status offset_gap(const Place& place, int64_t last_missing);
// Message formats v0 and v1, wherever they come from.
Status old_format(const Place& place);

// --- what the process lacks ---------------------------------------------------------------------

Status no_memory_to_hold(const Place& place);
Status no_memory_to_inflate(const Place& place);
Status no_memory_for_batch();
Status no_thread(const std::string& reason);
Status budget_too_small(size_t bytes, size_t partitions, size_t least);

// --- Kafka --------------------------------------------------------------------------------------

Status no_partitions(const std::string& topic);
// Partitions that are named, of a topic that has `there`.
Status unknown_partitions(const std::string& topic, const std::vector<int32_t>& unknown,
                          const std::vector<int32_t>& there);
// Nothing says where these start. `group` has no commit of them; empty: offsets were given.
Status no_start_offsets(const std::string& topic, const std::vector<int32_t>& lacking,
                        const std::string& group);
Status no_end_offsets(const std::string& topic, const std::vector<int32_t>& lacking);
// The stream is to start at an offset below the log's first one.
Status start_removed(const Place& place, int64_t offset, int64_t log_start);
Status start_beyond_end(const Place& place, int64_t offset, int64_t log_end);
// It is to end at an offset that is not there yet, or not visible.
Status end_not_reached(const Place& place, int64_t offset, int64_t log_end, int64_t written_end);
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

// --- the files of a log -------------------------------------------------------------------------

Status no_topic_in_folder(const std::string& topic, const std::string& folder);
Status segments_timeout(const std::string& folder, std::chrono::milliseconds timeout);
// A file is not what it was when the stream was opened.
Status segment_changed(const std::string& path, const std::string& what);
// The system refuses it; `fault` is an errno. Retriable if too many files are open.
Status segment_unreadable(const std::string& path, int fault);
Status no_memory_to_read(const std::string& path);
// A fault of what the file at `path` has at the byte `at`.
Status segment_fault(const Place& place, ErrorCode code, const std::string& path, uint64_t at,
                     const std::string& what);
// Of a record batch whose magic byte is not that of v2.
Status format_fault(const Place& place, int magic, const std::string& path, uint64_t at);

// --- a capture ----------------------------------------------------------------------------------

// `doing` is what could not be done to `path`, for example "write"; `fault` is an errno.
Status capture_error(const char* doing, const std::string& path, int fault);
// The file system did not answer in time.
Status capture_not_opened(const std::string& path, std::chrono::milliseconds timeout);
// The folder of a new capture has something in it.
Status capture_folder_not_empty(const std::string& path);
// Another capture has the folder, in this process or another.
Status capture_folder_locked(const std::string& path);
// A segment has no room for a record batch of so many bytes.
Status capture_batch_too_large(const std::string& folder, size_t bytes);
// No folder can have the name of this topic.
Status capture_topic_name(const std::string& topic);
// So many bytes wait to be written.
Status capture_too_slow(const std::string& dir, size_t queued_bytes);
// The time to close ended before so many bytes were written.
Status capture_not_finished(const std::string& dir, size_t queued_bytes);

// --- a token ------------------------------------------------------------------------------------

Status token_damaged(const std::string& what);
Status token_too_new(int version, int newest);
// `found` is what is read now, as the token has it: "cluster", "its id", …
Status token_of_other_cluster(const std::string& wanted, const std::string& found);
Status token_of_other_topic(const Place& place);
// It was there when the token was made.
Status token_partition_missing(const Place& place);
// Of the place's offset, at which it goes on: the log begins later.
Status token_records_gone(const Place& place, int64_t first_offset);
// The same: the log ends before it, or before the end of the replay.
Status token_log_truncated(const Place& place, int64_t end_offset, int64_t wanted);

// --- objects that are closed --------------------------------------------------------------------

// `what` is for example "the manager".
Status closed(const std::string& what);
Status closed_while_opening();
// Of the stream, where it has an end.
Status ended();

}  // namespace tidemark
