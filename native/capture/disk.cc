#include "capture/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>

namespace tidemark {
namespace {

// The larger numbers of bytes cannot be written at once.
constexpr size_t kMostAtOnce = size_t{1} << 30;

int result_of(int returned) { return returned < 0 ? errno : 0; }

// writev writes less than it is asked for where a limit or the end of the space is near.
iovec behind(ByteRange range, size_t written) {
  const size_t size = range.size - written;
  return {const_cast<uint8_t*>(range.data) + written, size < kMostAtOnce ? size : kMostAtOnce};
}

}  // namespace

int Disk::make_folders(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    int fault = make_folder(folder);
    if (fault == 0) {
      fault = sync_folder(folder.substr(0, folder.rfind('/') + 1));
      // To make a folder in one that cannot be read is allowed.
      if (fault == EACCES) fault = 0;
    }
    if (fault != 0 && fault != EEXIST) return fault;
    if (slash == std::string::npos) return 0;
  }
}

int Disk::lock_folder(const std::string& path, int* folder) {
  *folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (*folder < 0) return errno;
  const int fault = result_of(flock(*folder, LOCK_EX | LOCK_NB));
  if (fault != 0) close(std::exchange(*folder, -1));
  return fault;
}

int Disk::check_new_folder(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (folder == nullptr) return errno;
  errno = 0;
  while (const dirent* const entry = readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") return ENOTEMPTY;
  }
  if (errno != 0) return errno;
  return result_of(faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS));
}

int Disk::make_folder(const std::string& path) { return result_of(mkdir(path.c_str(), 0777)); }

int Disk::create_file(const std::string& path, int* file) {
  *file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  return result_of(*file);
}

int Disk::append(int file, ByteRange first, ByteRange second) {
  size_t written = 0;
  while (written < first.size + second.size) {
    const bool in_second = written >= first.size;
    const iovec parts[2] = {
        in_second ? behind(second, written - first.size) : behind(first, written),
        behind(second, 0),
    };
    const ssize_t more = writev(file, parts, in_second ? 1 : 2);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return errno;
    if (more == 0) return ENOSPC;
    written += static_cast<size_t>(more);
  }
  return 0;
}

void Disk::begin_sync(int file, int64_t offset, int64_t size) {
#ifdef __linux__
  sync_file_range(file, offset, size, SYNC_FILE_RANGE_WRITE);
#endif
}

int Disk::truncate(int file, int64_t size) { return result_of(ftruncate(file, size)); }

int Disk::sync(int file) {
#ifdef F_FULLFSYNC
  // macOS's fsync leaves what it writes in the disk's cache. Not every file system has this one.
  const int fault = result_of(fcntl(file, F_FULLFSYNC));
  if (fault != ENOTSUP && fault != ENOTTY && fault != EINVAL) return fault;
#endif
  return result_of(fsync(file));
}

void Disk::close(int file) { ::close(file); }

int Disk::rename(const std::string& from, const std::string& to) {
  return result_of(::rename(from.c_str(), to.c_str()));
}

int Disk::sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return errno;
  const int fault = sync(folder);
  close(folder);
  // Of a file system that cannot: there is nothing to do for it.
  return fault == EINVAL ? 0 : fault;
}

int Disk::remove_file(const std::string& path) { return result_of(unlink(path.c_str())); }

}  // namespace tidemark
