// Status: how the core says that something went wrong. No exception crosses a boundary; the
// facade turns a failed Status into a TidemarkError (src/errors.ts), in one place.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace tidemark {

// One enumerator per code of `TidemarkErrorCode` in src/error-codes.ts that native code can raise.
enum class ErrorCode : uint8_t {
  kOk,
  kInvalidOption,
  kUnknownTopic,
  kNoPartitions,
  kUnknownPartition,
  kMissingOffset,
  kCreateTimeout,
  kAuthentication,
  kAuthorization,
  kClosed,
  kEnded,
  kLateRecord,
  kCorruptRecordBatch,
  kUnsupportedFormat,
  kOffsetOutOfRange,
  kOffsetGap,
  kOffsetStepBack,
  kLogTruncated,
  kTopicRecreated,
  kRecordTooLarge,
  kTimeLookupUnsupported,
  kStalled,
  kSegmentChanged,
  kSegmentUnreadable,
  kOutOfMemory,
  kCapture,
  kCaptureInUse,
  kCaptureTooSlow,
  kCaptureNotFinished,
  kTokenDamaged,
  kTokenTooNew,
  kTokenMismatch,
  kKafka,
};

// The code as users see it, for example "ERR_LATE_RECORD".
const char* error_code_name(ErrorCode code);

struct Status {
  ErrorCode code = ErrorCode::kOk;
  std::string message;     // says what happened and what to do
  std::string source;      // its name; empty where it has none, or none applies
  std::string topic;       // empty where none applies
  int32_t partition = -1;  // -1 where none applies
  int64_t offset = -1;     // -1 where none applies
  int32_t kafka_code = 0;  // rd_kafka_resp_err_t, 0 where none applies
  int system_error = 0;    // errno, 0 where none applies
  bool retriable = false;

  bool ok() const { return code == ErrorCode::kOk; }

  static Status error(ErrorCode code, std::string message) {
    Status status;
    status.code = code;
    status.message = std::move(message);
    return status;
  }
};

}  // namespace tidemark
