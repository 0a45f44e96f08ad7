#include "errors.h"

#include <cstring>

namespace tidemark {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// What comes before all that is of a source.
std::string prefix_of(const std::string& source) {
  return source.empty() ? "" : "source '" + source + "': ";
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
      return "grant the READ and DESCRIBE permissions on the topic to this user";
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
      return "check its broker; the next poll goes on waiting, and nothing is lost or repeated; if "
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
  Status status = error_of(code, place.text() + ": " + what);
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
  Status status = error_at(place, ErrorCode::kUnsupportedFormat, "");
  status.message = place.text() +
                   ": the record has the message format v0 or v1, which tidemark does not read; "
                   "start past it, or copy the topic so that the broker writes format v2";
  return status;
}

// --- what the process lacks ---------------------------------------------------------------------

Status no_memory_to_hold(const Place& place) {
  return error_at(place, ErrorCode::kOutOfMemory,
                  "there is no memory to hold it; lower maxBufferedBytes or read fewer partitions");
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

// --- objects that are closed --------------------------------------------------------------------

Status closed(const std::string& what) { return error_of(ErrorCode::kClosed, what + " is closed"); }

Status closed_while_opening() {
  return error_of(ErrorCode::kClosed, "the manager was closed while it opened");
}

}  // namespace tidemark
