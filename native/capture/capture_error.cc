#include "capture/capture_error.h"

#include <cerrno>
#include <system_error>

namespace tidemark {
namespace {

const char* what_to_do(int fault) {
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
    case ENOENT:
      return "it was removed or moved: leave a capture's folder alone while it is written";
    default:
      return "check the disk and the file system";
  }
}

}  // namespace

Status capture_error(const char* doing, const std::string& path, int fault) {
  Status status = Status::error(
      ErrorCode::kCapture, "the capture could not " + std::string(doing) + " '" + path + "' (" +
                               std::generic_category().message(fault) + "): " + what_to_do(fault));
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
                           " bytes, inflated, does not fit a log segment in '" + folder +
                           "': read its topic without a capture");
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

}  // namespace tidemark
