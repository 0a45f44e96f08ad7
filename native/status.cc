#include "status.h"

namespace tidemark {

const char* error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kOk:
      return "OK";
    case ErrorCode::kInvalidOption:
      return "ERR_INVALID_OPTION";
    case ErrorCode::kUnknownTopic:
      return "ERR_UNKNOWN_TOPIC";
    case ErrorCode::kNoPartitions:
      return "ERR_NO_PARTITIONS";
    case ErrorCode::kUnknownPartition:
      return "ERR_UNKNOWN_PARTITION";
    case ErrorCode::kMissingOffset:
      return "ERR_MISSING_OFFSET";
    case ErrorCode::kCreateTimeout:
      return "ERR_CREATE_TIMEOUT";
    case ErrorCode::kAuthentication:
      return "ERR_AUTHENTICATION";
    case ErrorCode::kAuthorization:
      return "ERR_AUTHORIZATION";
    case ErrorCode::kClosed:
      return "ERR_CLOSED";
    case ErrorCode::kEnded:
      return "ERR_ENDED";
    case ErrorCode::kLateRecord:
      return "ERR_LATE_RECORD";
    case ErrorCode::kCorruptRecordBatch:
      return "ERR_CORRUPT_RECORD_BATCH";
    case ErrorCode::kUnsupportedFormat:
      return "ERR_UNSUPPORTED_FORMAT";
    case ErrorCode::kOffsetOutOfRange:
      return "ERR_OFFSET_OUT_OF_RANGE";
    case ErrorCode::kOffsetGap:
      return "ERR_OFFSET_GAP";
    case ErrorCode::kOffsetStepBack:
      return "ERR_OFFSET_STEP_BACK";
    case ErrorCode::kLogTruncated:
      return "ERR_LOG_TRUNCATED";
    case ErrorCode::kTopicRecreated:
      return "ERR_TOPIC_RECREATED";
    case ErrorCode::kRecordTooLarge:
      return "ERR_RECORD_TOO_LARGE";
    case ErrorCode::kTimeLookupUnsupported:
      return "ERR_TIME_LOOKUP_UNSUPPORTED";
    case ErrorCode::kStalled:
      return "ERR_STALLED";
    case ErrorCode::kSegmentChanged:
      return "ERR_SEGMENT_CHANGED";
    case ErrorCode::kSegmentUnreadable:
      return "ERR_SEGMENT_UNREADABLE";
    case ErrorCode::kOutOfMemory:
      return "ERR_OUT_OF_MEMORY";
    case ErrorCode::kCapture:
      return "ERR_CAPTURE";
    case ErrorCode::kCaptureInUse:
      return "ERR_CAPTURE_IN_USE";
    case ErrorCode::kCaptureTooSlow:
      return "ERR_CAPTURE_TOO_SLOW";
    case ErrorCode::kCaptureNotFinished:
      return "ERR_CAPTURE_NOT_FINISHED";
    case ErrorCode::kTokenDamaged:
      return "ERR_TOKEN_DAMAGED";
    case ErrorCode::kTokenTooNew:
      return "ERR_TOKEN_TOO_NEW";
    case ErrorCode::kTokenMismatch:
      return "ERR_TOKEN_MISMATCH";
    case ErrorCode::kKafka:
      return "ERR_KAFKA";
  }
  return "ERR_KAFKA";
}

}  // namespace tidemark
