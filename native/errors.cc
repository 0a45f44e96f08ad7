#include "errors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace tidemark {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

const char* advice_on_disk(int fault) {
  switch (fault) {
    case ENOSPC:
    case EDQUOT:
      return "free some space, or bound the capture with capture.maxBytes";
    case EACCES:
    case EPERM:
    case EROFS:
      return "give this process the right to write there, or name another folder";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n): each partition has one";
    case EFBIG:
      return "raise the limit of a file's size (ulimit -f), or lower capture.segmentBytes";
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP:
      return "name another folder";
    case ENOMEM:
      return "there is no memory for it: lower maxBufferedBytes or capture.maxQueuedBytes";
    case ENOENT:
      return "it was removed or moved: leave a capture's folder alone while it is written";
    default:
      return "check the disk and the file system";
  }
}

// What comes before all that is of a source.
std::string prefix_of(const std::string& source) {
  return source.empty() ? "" : "source '" + source + "': ";
}

// "partition 3", or "partitions 0, 1 and 3". Of many only the first ones.
std::string partitions_text(const std::vector<int32_t>& partitions) {
  constexpr size_t kMost = 20;
  if (partitions.size() == 1) return "partition " + std::to_string(partitions.front());
  const size_t count = std::min(partitions.size(), kMost);
  std::string text = "partitions ";
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) text += i + 1 == partitions.size() ? " and " : ", ";
    text += std::to_string(partitions[i]);
  }
  const size_t others = partitions.size() - count;
  return others == 0 ? text : text + " and " + std::to_string(others) + " more";
}

Status invalid_config(const std::string& what) {
  return Status::error(ErrorCode::kInvalidOption, "config: " + what);
}

}  // namespace

std::string Place::text() const {
  std::string text = prefix_of(source) + "topic '" + topic + "'";
  if (partition >= 0) text += ", partition " + std::to_string(partition);
  if (offset >= 0) text += ", offset " + std::to_string(offset);
  return text;
}

std::string advice(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnknownTopic:
      return "check the topic's name, and that the cluster in 'bootstrap.servers' has it (still)";
    case ErrorCode::kNoPartitions:
      return "create some first";
    case ErrorCode::kAuthentication:
      return "check 'security.protocol', the 'sasl.*' and 'ssl.*' properties in config";
    case ErrorCode::kAuthorization:
      return "grant the READ and DESCRIBE permissions on the topic to this user, and DESCRIBE on "
             "the group of fromCommitted";
    case ErrorCode::kLateRecord:
      return "use onLateRecord: 'count' to take late records at their own place";
    case ErrorCode::kCorruptRecordBatch:
      return "this copy of the log is damaged: read from another replica, or start past this "
             "offset";
    case ErrorCode::kOffsetOutOfRange:
      return "the records were removed by retention or DeleteRecords, or the log was truncated: "
             "create a new manager to start from what is there now";
    case ErrorCode::kOffsetGap:
      return "retention deleted them or they were lost: start again from what is there, and raise "
             "the topic's retention if it is shorter than the replay; if the topic was compacted "
             "before, start past them, or add compact to its cleanup.policy";
    case ErrorCode::kOffsetStepBack:
      return "the topic was truncated or created anew: start again from what is there";
    case ErrorCode::kLogTruncated:
      return "records that were read are gone, since a new leader lacks them (unclean leader "
             "election): create a new manager to start from what is there now";
    case ErrorCode::kTopicRecreated:
      return "create a new manager to read the topic that has the name now";
    case ErrorCode::kRecordTooLarge:
      return "raise 'receive.message.max.bytes' in config if a record batch of that size is meant; "
             "it is also the limit to what one may inflate to";
    case ErrorCode::kUnsupportedFormat:
      return "the record batch has a codec or format that is not supported";
    case ErrorCode::kTimeLookupUnsupported:
      return "start from earliest or latest";
    case ErrorCode::kStalled:
      return "check its broker or disk; the next poll goes on waiting, and nothing is lost or "
             "repeated; if "
             "such a wait is usual, raise stallTimeoutMs";
    default:
      return "";
  }
}

Status error_of(ErrorCode code, const std::string& what) {
  const std::string what_to_do = advice(code);
  return Status::error(code, what_to_do.empty() ? what : what + "; " + what_to_do);
}

Status error_at(const Place& place, ErrorCode code, const std::string& what) {
  return with_place(error_of(code, place.text() + ": " + what), place);
}

Status with_place(Status status, const Place& place) {
  status.source = place.source;
  status.topic = place.topic;
  status.partition = place.partition;
  status.offset = place.offset;
  return status;
}

Status of_source(Status status, const std::string& name) {
  status.source = name;
  status.message = prefix_of(name) + status.message;
  return status;
}

// --- what comes out of a log --------------------------------------------------------------------

Status late_record(const Place& place, int64_t timestamp, int64_t merge_key) {
  return error_at(place, ErrorCode::kLateRecord,
                  "its timestamp " + std::to_string(timestamp) + " is smaller than " +
                      std::to_string(merge_key) + ", which came before it in its partition");
}

Status corrupt_header(const Place& place, const char* fault) {
  return error_at(place, ErrorCode::kCorruptRecordBatch,
                  std::string("the header of the record batch is corrupt: ") + fault);
}

Status corrupt_record(const Place& place, int64_t base_offset, const char* fault) {
  return error_at(
      place, ErrorCode::kCorruptRecordBatch,
      "the record batch at offset " + std::to_string(base_offset) + " is corrupt: " + fault);
}

Status unknown_codec(const Place& place, int codec) {
  return error_at(place, ErrorCode::kUnsupportedFormat,
                  "no codec has the number " + std::to_string(codec));
}

Status unsupported_compression(const Place& place) {
  return error_at(place, ErrorCode::kUnsupportedFormat,
                  "the record batch is compressed with a dictionary");
}

Status too_large_inflated(const Place& place) {
  return error_at(place, ErrorCode::kRecordTooLarge,
                  "the record batch is too large once it is inflated");
}

Status offset_step_back(const Place& place, int64_t next_offset) {
  return error_at(
      place, ErrorCode::kOffsetStepBack,
      "offset " + std::to_string(next_offset) + " was to come next, but older ones came again");
}

Status offset_gap(const Place& place, int64_t last_missing) {
  return error_at(place, ErrorCode::kOffsetGap,
                  "the offsets up to " + std::to_string(last_missing) + " are missing");
}

Status old_format(const Place& place) {
  return with_place(
      Status::error(ErrorCode::kUnsupportedFormat,
                    place.text() +
                        ": the record has the message format v0 or v1, which tidemark does not "
                        "read; start past it, or copy the topic so that the broker writes format "
                        "v2"),
      place);
}

// --- what the process lacks ---------------------------------------------------------------------

Status no_memory_to_hold(const Place& place) {
  return error_at(place, ErrorCode::kOutOfMemory,
                  "there is no memory to hold it; lower maxBufferedBytes or read fewer partitions");
}

Status no_memory_to_inflate(const Place& place) {
  return error_at(place, ErrorCode::kOutOfMemory,
                  "there is no memory to inflate the record batch; lower maxBufferedBytes or read "
                  "fewer partitions");
}

Status no_memory_for_batch() {
  return error_of(ErrorCode::kOutOfMemory,
                  "there is no memory for a batch; lower batchSize, maxBatchBytes or "
                  "maxBufferedBytes, and release batches that are done with");
}

Status no_thread(const std::string& reason) {
  return error_of(ErrorCode::kOutOfMemory,
                  "no thread could be started (" + reason +
                      "); close managers that are done with, or raise the limit of threads "
                      "(ulimit -u, or the container's) or of memory");
}

Status budget_too_small(size_t bytes, size_t partitions, size_t least) {
  return error_of(ErrorCode::kInvalidOption,
                  "maxBufferedBytes: " + std::to_string(bytes) + " bytes are too few for " +
                      std::to_string(partitions) + " partitions; give at least " +
                      std::to_string(least) + " (" + std::to_string(least / partitions / 1024) +
                      " KiB a partition)");
}

// --- Kafka --------------------------------------------------------------------------------------

Status no_partitions(const std::string& topic) {
  return error_at({topic}, ErrorCode::kNoPartitions, "it has no partitions");
}

Status unknown_partitions(const std::string& topic, const std::vector<int32_t>& unknown,
                          const std::vector<int32_t>& there) {
  const Place place{topic, unknown.front()};
  return with_place(Status::error(ErrorCode::kUnknownPartition,
                                  Place{topic}.text() + " has no " + partitions_text(unknown) +
                                      ", only " + partitions_text(there) + "; name those"),
                    place);
}

Status no_start_offsets(const std::string& topic, const std::vector<int32_t>& lacking,
                        const std::string& group) {
  const std::string what =
      group.empty() ? ": no offset is given for " + partitions_text(lacking) +
                          "; give one for each, or say where the others start with { others: "
                          "'earliest' } or 'latest'"
                    : ": the group '" + group + "' has no commit for " + partitions_text(lacking) +
                          "; check the group's name, that its commits have not expired (7 days "
                          "after it is empty, by default), or start those elsewhere with { "
                          "otherwise: 'earliest' }, 'latest' or a time";
  return with_place(Status::error(ErrorCode::kMissingOffset, Place{topic}.text() + what),
                    {topic, lacking.front()});
}

Status no_end_offsets(const std::string& topic, const std::vector<int32_t>& lacking) {
  return with_place(
      Status::error(ErrorCode::kMissingOffset,
                    Place{topic}.text() + ": until has no offset for " + partitions_text(lacking) +
                        "; give one for each partition that is read, or read fewer with { "
                        "partitions }"),
      {topic, lacking.front()});
}

Status start_removed(const Place& place, int64_t offset, int64_t log_start) {
  const int64_t gone = log_start - offset;
  return with_place(
      Status::error(ErrorCode::kOffsetOutOfRange,
                    place.text() + ": the log begins at offset " + std::to_string(log_start) +
                        " by now: " + std::to_string(gone) + (gone == 1 ? " offset" : " offsets") +
                        " from " + std::to_string(offset) +
                        " on are gone, with the records that they had (retention or "
                        "DeleteRecords); to do without them start with { outOfRange: 'earliest' }"),
      place);
}

Status start_beyond_end(const Place& place, int64_t offset, int64_t log_end) {
  return with_place(
      Status::error(ErrorCode::kOffsetOutOfRange,
                    place.text() + ": the log ends at offset " + std::to_string(log_end) + ", " +
                        std::to_string(offset - log_end) +
                        " before it: it was truncated, or the topic was created anew, or the "
                        "offset is of another topic; start with { outOfRange: 'earliest' } or "
                        "'latest' to read what is there now"),
      place);
}

Status end_not_reached(const Place& place, int64_t offset, int64_t log_end, int64_t written_end) {
  const std::string why =
      offset <= written_end
          ? ": it is behind a transaction that is still open, whose records begin at offset "
          : ": nobody knows yet what comes before it, since the log ends at offset ";
  return with_place(
      Status::error(ErrorCode::kOffsetOutOfRange,
                    place.text() + why + std::to_string(log_end) +
                        "; end at what is there with until: 'now', or read on with for await and "
                        "stop there yourself"),
      {place.topic, place.partition, offset, place.source});
}

Status no_time_lookup(const Place& place) {
  return error_at(place, ErrorCode::kTimeLookupUnsupported,
                  "this broker cannot look up offsets by time");
}

Status create_timeout(const CreateTimeout& timeout) {
  Status status = timeout.waits_for;
  status.code = ErrorCode::kCreateTimeout;
  status.retriable = true;
  const std::string within = std::to_string(timeout.timeout.count()) + " ms (createTimeoutMs)";
  const std::string what = timeout.doing + " took too long: ";
  if (!timeout.waits_for.ok()) {
    status.message =
        what + timeout.waits_for.message + "; given up after " + within + timeout.warnings;
    return status;
  }
  status.message = what + "no answer from '" + timeout.servers + "' within " + within;
  if (!timeout.last_error.empty()) status.message += "; last error: " + timeout.last_error;
  status.message += timeout.warnings +
                    "; check 'bootstrap.servers', that the brokers run and that their advertised "
                    "listeners can be reached from here";
  return status;
}

Status token_refused(const std::string& reason) {
  return Status::error(ErrorCode::kAuthentication, "oauthToken: the token was refused: " + reason);
}

Status value_not_accepted(const std::string& property, const std::string& range) {
  return invalid_config(
      "librdkafka does not accept the value of '" + property + "'; " +
      (range.empty() ? "see librdkafka's CONFIGURATION.md for its values" : "it takes " + range));
}

Status file_not_readable(const std::string& property, const std::string& path, int fault) {
  return invalid_config("the file that '" + property + "' names, '" + path +
                        "', cannot be read: " + std::strerror(fault));
}

Status configuration_refused(const std::string& property, const std::string& reason) {
  std::string what = "librdkafka refuses it: " + reason;
  if (reason.find("SASL mechanism") != std::string::npos) {
    what += "; set 'sasl.mechanisms' to PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER";
  } else if (ends_with(property, ".location") || ends_with(property, ".pem")) {
    what +=
        "; check that the file holds what the property wants, that the key is the certificate's, "
        "and that ssl.key.password is the key's";
  }
  return invalid_config(what);
}

// --- the files of a log -------------------------------------------------------------------------

Status no_topic_in_folder(const std::string& topic, const std::string& folder) {
  const Place place{topic};
  const Status status = Status::error(
      ErrorCode::kUnknownTopic,
      place.text() + ": '" + folder + "' has no folder '" + topic +
          "-0', or of another partition, with segments in it; give the folder that has those of "
          "the partitions in it, as log.dirs of a broker does, and check the topic's name");
  return with_place(status, place);
}

Status segments_timeout(const std::string& folder, std::chrono::milliseconds timeout) {
  Status status = error_of(
      ErrorCode::kCreateTimeout,
      "looking through the segments in '" + folder + "' took more than " +
          std::to_string(timeout.count()) +
          " ms (createTimeoutMs); raise it: under read_committed, or with a start by time, the "
          "headers of all record batches are read first");
  status.retriable = true;
  return status;
}

Status segment_changed(const std::string& path, const std::string& what) {
  return Status::error(ErrorCode::kSegmentChanged,
                       "'" + path + "' " + what +
                           " while the stream read it: retention, compaction or a deletion of the "
                           "topic does that where a broker uses the folder; replay a copy, or "
                           "create a new manager to start from what is there now");
}

Status segment_unreadable(const std::string& path, int fault) {
  const bool lacks_files = fault == EMFILE || fault == ENFILE;
  Status status = Status::error(
      ErrorCode::kSegmentUnreadable,
      "segments: '" + path + "' cannot be read: " + std::strerror(fault) +
          (lacks_files ? "; raise the number of files that may be open (ulimit -n), or close others"
                       : "; give the data folder of a broker (log.dirs), or a copy of it, that "
                         "this process may read"));
  status.retriable = lacks_files;
  return status;
}

Status no_memory_to_read(const std::string& path) {
  return error_of(ErrorCode::kOutOfMemory, "there is no memory to read '" + path +
                                               "'; lower maxBufferedBytes or read fewer "
                                               "partitions");
}

Status segment_fault(const Place& place, ErrorCode code, const std::string& path, uint64_t at,
                     const std::string& what) {
  const std::string where = " ('" + path + "', byte " + std::to_string(at) + ")";
  if (code != ErrorCode::kRecordTooLarge) return error_at(place, code, what + where);
  return with_place(Status::error(code, place.text() + ": " + what + where +
                                            "; no Kafka client reads it with "
                                            "receive.message.max.bytes at its default: start past "
                                            "this offset"),
                    place);
}

Status format_fault(const Place& place, int magic, const std::string& path, uint64_t at) {
  if (magic == 0 || magic == 1) return old_format(place);
  return segment_fault(place, ErrorCode::kUnsupportedFormat, path, at,
                       "the magic byte " + std::to_string(magic) + " is not known");
}

// --- a capture ----------------------------------------------------------------------------------

Status capture_error(const char* doing, const std::string& path, int fault) {
  Status status =
      Status::error(ErrorCode::kCapture, "the capture could not " + std::string(doing) + " '" +
                                             path + "' (" + std::generic_category().message(fault) +
                                             "): " + advice_on_disk(fault));
  status.system_error = fault;
  return status;
}

Status capture_not_opened(const std::string& path, std::chrono::milliseconds timeout) {
  return Status::error(ErrorCode::kCreateTimeout,
                       "the folder '" + path + "' of the capture could not be made within " +
                           std::to_string(timeout.count()) +
                           " ms: check its file system, or raise createTimeoutMs");
}

Status capture_folder_not_empty(const std::string& path) {
  return Status::error(ErrorCode::kCaptureInUse,
                       "'" + path +
                           "' is not empty: a capture neither overwrites nor goes on with what is "
                           "there; name a new or an empty folder, or move that one away");
}

Status capture_folder_locked(const std::string& path) {
  return Status::error(ErrorCode::kCaptureInUse,
                       "another capture writes to '" + path +
                           "': give each manager a folder of its own, or close that one first");
}

Status capture_batch_too_large(const std::string& folder, size_t bytes) {
  return Status::error(ErrorCode::kCapture,
                       "a record batch of " + std::to_string(bytes) +
                           " bytes, inflated, is larger than what a replay of the capture in '" +
                           folder + "' could read; read its topic without a capture");
}

Status capture_topic_name(const std::string& topic) {
  return Status::error(ErrorCode::kCapture, "topic '" + topic +
                                                "' cannot be captured: a folder cannot have its "
                                                "name; read it without a capture");
}

Status capture_too_slow(const std::string& dir, size_t queued_bytes) {
  return Status::error(
      ErrorCode::kCaptureTooSlow,
      "the capture in '" + dir +
          "' has ended, since the disk is slower than the stream: " + std::to_string(queued_bytes) +
          " bytes waited to be written, and they still are; raise capture.maxQueuedBytes, let the "
          "stream wait for the disk with capture.onError: 'stream', or capture to a faster disk");
}

Status capture_not_finished(const std::string& dir, size_t queued_bytes) {
  return Status::error(ErrorCode::kCaptureNotFinished,
                       "the capture in '" + dir +
                           "' was closed before it was complete: " + std::to_string(queued_bytes) +
                           " bytes waited to be written, and files named .part are no segments; "
                           "raise closeTimeoutMs");
}

// --- a token ------------------------------------------------------------------------------------

Status token_damaged(const std::string& what) {
  return Status::error(ErrorCode::kTokenDamaged,
                       "the token is damaged: " + what +
                           "; give it whole, as token() returned it, or an earlier one");
}

Status token_too_new(int version, int newest) {
  return Status::error(ErrorCode::kTokenTooNew,
                       "the token has version " + std::to_string(version) +
                           ", and this tidemark reads versions to " + std::to_string(newest) +
                           "; resume with the version of tidemark that wrote it, or a newer one");
}

Status token_of_other_cluster(const std::string& wanted, const std::string& found) {
  return Status::error(ErrorCode::kTokenMismatch,
                       "resume: the token is of the cluster '" + wanted + "', and this is '" +
                           found +
                           "', whose offsets are others; give the brokers of that cluster, or "
                           "start without the token");
}

Status token_of_other_topic(const Place& place) {
  return with_place(
      Status::error(ErrorCode::kTopicRecreated,
                    place.text() +
                        ": the topic was deleted and created again since the token was made; "
                        "start without the token to read the topic that has the name now"),
      place);
}

Status token_partition_missing(const Place& place) {
  return with_place(
      Status::error(ErrorCode::kTokenMismatch,
                    place.text() + ": the token goes on in this partition, which is not there; "
                                   "give what the interrupted stream was given to read"),
      place);
}

Status token_records_gone(const Place& place, int64_t first_offset) {
  return error_at(place, ErrorCode::kOffsetOutOfRange,
                  "the token goes on here, but the log begins at offset " +
                      std::to_string(first_offset) + " by now, so that " +
                      std::to_string(first_offset - place.offset) + " records are gone");
}

Status token_log_truncated(const Place& place, int64_t end_offset, int64_t wanted) {
  return with_place(
      Status::error(ErrorCode::kLogTruncated,
                    place.text() + ": the token goes on here, and knows of records before offset " +
                        std::to_string(wanted) + ", but the log ends at offset " +
                        std::to_string(end_offset) +
                        ": a new leader lacks them (unclean leader election), or the files are an "
                        "older copy; start without the token to read what is there now"),
      place);
}

// --- objects that are closed --------------------------------------------------------------------

Status closed(const std::string& what) { return error_of(ErrorCode::kClosed, what + " is closed"); }

Status ended() {
  return Status::error(ErrorCode::kEnded,
                       "the stream has ended: all up to what until says was returned; stop polling "
                       "when phase() is 'ended', or loop with for await, which ends by itself");
}

Status closed_while_opening() {
  return error_of(ErrorCode::kClosed, "the manager was closed while it opened");
}

}  // namespace tidemark
