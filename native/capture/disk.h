// Disk: what a capture asks of the file system. Each call returns 0 or an errno. Tests have one
// that is full, broken or slow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tidemark {

struct ByteRange {
  const uint8_t* data;
  size_t size;
};

class Disk {
 public:
  virtual ~Disk() = default;

  // Makes `path`, and those above it, where they are not there.
  int make_folders(const std::string& path);
  // Of a folder that is there: EWOULDBLOCK where another one has locked it, in whichever process.
  // close() unlocks it, and so does the end of the process.
  virtual int lock_folder(const std::string& path, int* folder);
  // ENOTEMPTY where there is anything in it, EACCES or EROFS where nothing can be made in it.
  int check_new_folder(const std::string& path);
  // Makes `path` alone. EEXIST where it is there.
  virtual int make_folder(const std::string& path);
  // EEXIST where it is there.
  virtual int create_file(const std::string& path, int* file);
  // Writes both at the end of the file, or an unknown part of it where it fails.
  virtual int append(int file, ByteRange first, ByteRange second);
  // Begins to bring to the disk what was written there, and does not wait: what a sync finds to do
  // would be the whole segment otherwise.
  virtual void begin_sync(int file, int64_t offset, int64_t size);
  virtual int truncate(int file, int64_t size);
  virtual int sync(int file);
  virtual void close(int file);
  virtual int rename(const std::string& from, const std::string& to);
  virtual int sync_folder(const std::string& path);
  virtual int remove_file(const std::string& path);
};

}  // namespace tidemark
