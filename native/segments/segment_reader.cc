#include "segments/segment_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "errors.h"
#include "segments/open_files.h"

namespace tidemark {

Status SegmentReader::open(const Segment& segment) {
  close();
  segment_ = &segment;
  // A pipe that took the file's place must not make the open wait.
  const bool is_open = OpenFiles::of_process().open([&] {
    file_ = ::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return file_ >= 0;
  });
  if (!is_open) {
    return errno == ENOENT || errno == ENOTDIR ? segment_changed(segment.path, "vanished")
                                               : segment_unreadable(segment.path, errno);
  }
  struct stat facts;
  Status status;
  if (fstat(file_, &facts) != 0) {
    status = segment_unreadable(segment.path, errno);
  } else if (facts.st_dev != segment.device || facts.st_ino != segment.inode) {
    status = segment_changed(segment.path, "was replaced by another file");
  } else if (static_cast<uint64_t>(facts.st_size) < segment.size) {
    status = segment_changed(segment.path, "shrank");
  }
  if (!status.ok()) close();
  return status;
}

void SegmentReader::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

Status SegmentReader::read(uint64_t at, uint8_t* to, size_t size) const {
  while (size > 0) {
    const ssize_t count = pread(file_, to, size, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return segment_unreadable(segment_->path, errno);
    if (count == 0) return segment_changed(segment_->path, "shrank");
    at += static_cast<uint64_t>(count);
    to += count;
    size -= static_cast<size_t>(count);
  }
  return Status();
}

}  // namespace tidemark
