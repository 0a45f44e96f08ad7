// capture_error: the words for what ends a capture.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "status.h"

namespace tidemark {

// `doing` is what could not be done to `path`, as "write"; `fault` an errno.
Status capture_error(const char* doing, const std::string& path, int fault);

// The file system did not answer in time.
Status capture_not_opened(const std::string& path, std::chrono::milliseconds timeout);

// The folder of a new capture has something in it.
Status capture_folder_not_empty(const std::string& path);

// Another capture has the folder, in this process or another.
Status capture_folder_locked(const std::string& path);

// A segment has no room for a record batch of so many bytes.
Status capture_batch_too_large(const std::string& folder, size_t bytes);

// The brokers' name of a topic is none that a folder can have.
Status capture_topic_name(const std::string& topic);

// So many bytes wait to be written.
Status capture_too_slow(const std::string& dir, size_t queued_bytes);

// The time to close ended before so many bytes were written.
Status capture_not_finished(const std::string& dir, size_t queued_bytes);

}  // namespace tidemark
