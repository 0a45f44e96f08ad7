// BadDisk: a disk that is full after so many bytes, breaks, or stands still until it is told to go
// on.
#pragma once

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <string>

#include "capture/disk.h"

namespace tidemark::testing {

class BadDisk : public Disk {
 public:
  // From now on `calls` of a kind go well and all others give `fault`.
  enum class Call { kMakeFolder, kLock, kCreate, kAppend, kSync, kRename, kRemove, kNone };
  void fail(Call call, int fault, int after_calls = 0) {
    std::lock_guard<std::mutex> lock(mutex_);
    call_ = call;
    fault_ = fault;
    left_ = after_calls;
  }
  void stand_still() {
    std::lock_guard<std::mutex> lock(mutex_);
    stands_still_ = true;
  }
  void go_on() {
    std::lock_guard<std::mutex> lock(mutex_);
    stands_still_ = false;
    changed_.notify_all();
  }
  // Until somebody waits for this disk.
  void await_waiting() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

  int make_folder(const std::string& path) override {
    const int fault = check(Call::kMakeFolder);
    return fault != 0 ? fault : Disk::make_folder(path);
  }
  int lock_folder(const std::string& path, int* folder) override {
    const int fault = check(Call::kLock);
    return fault != 0 ? fault : Disk::lock_folder(path, folder);
  }
  int create_file(const std::string& path, int* file) override {
    const int fault = check(Call::kCreate);
    return fault != 0 ? fault : Disk::create_file(path, file);
  }
  // What does not fit is written in part, as the end of the space has it.
  int append(int file, ByteRange first, ByteRange second) override {
    const int fault = check(Call::kAppend);
    if (fault == 0) return Disk::append(file, first, second);
    Disk::append(file, first, {second.data, second.size / 2});
    return fault;
  }
  int sync(int file) override {
    const int fault = check(Call::kSync);
    return fault != 0 ? fault : Disk::sync(file);
  }
  int rename(const std::string& from, const std::string& to) override {
    const int fault = check(Call::kRename);
    return fault != 0 ? fault : Disk::rename(from, to);
  }
  int remove_file(const std::string& path) override {
    const int fault = check(Call::kRemove);
    return fault != 0 ? fault : Disk::remove_file(path);
  }

 private:
  int check(Call call) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (call == Call::kAppend && stands_still_) {
      ++waiting_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !stands_still_; });
      --waiting_;
    }
    if (call != call_) return 0;
    return left_-- > 0 ? 0 : fault_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Call call_ = Call::kNone;
  int fault_ = 0;
  int left_ = 0;
  bool stands_still_ = false;
  int waiting_ = 0;
};

}  // namespace tidemark::testing
