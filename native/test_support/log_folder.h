// LogFolder: a data folder for tests, with whatever bytes a test gives its segments. It is removed
// in the end.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "log/crc32c.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {

template <typename Integer>
void put_be(Bytes& to, Integer value) {
  for (size_t i = sizeof(Integer); i-- > 0;)
    to.push_back(static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i)));
}

// What a stored record batch says beside what a RecordBatch does.
struct StoredExtras {
  int16_t attributes = 0;  // codec, transactional, control: added to the batch's own
  int64_t producer_id = -1;
};

inline Bytes stored(const WrittenBatch& batch, StoredExtras extras = {}) {
  const RecordBatch& header = batch.header;
  Bytes checked;
  put_be(checked, static_cast<int16_t>(header.attributes | extras.attributes));
  put_be(checked, static_cast<int32_t>(header.last_offset - header.base_offset));
  put_be(checked, header.base_timestamp);
  put_be(checked, header.max_timestamp);
  put_be(checked, extras.producer_id);
  put_be(checked, int16_t{0});   // producer epoch
  put_be(checked, int32_t{-1});  // base sequence
  put_be(checked, header.record_count);
  checked.insert(checked.end(), batch.bytes.begin(), batch.bytes.end());
  Bytes bytes;
  put_be(bytes, header.base_offset);
  put_be(bytes, static_cast<int32_t>(checked.size() + 9));
  put_be(bytes, header.leader_epoch);
  bytes.push_back(2);
  put_be(bytes, crc32c(checked.data(), checked.size()));
  bytes.insert(bytes.end(), checked.begin(), checked.end());
  return bytes;
}

constexpr int16_t kTransactional = 1 << 4, kControl = 1 << 5;

inline Bytes data_of(int64_t producer_id, int64_t offset, int count) {
  return stored(records_from(offset, count), {kTransactional, producer_id});
}

inline Bytes marker_of(int64_t producer_id, int64_t offset, bool commits) {
  RecordBatchWriter writer(offset, offset);
  writer.add({offset,
              offset,
              std::string("\0\0\0", 3) + (commits ? '\1' : '\0'),
              std::string(6, '\0'),
              {}});
  return stored(writer.finish(), {kTransactional | kControl, producer_id});
}

inline Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

class LogFolder {
 public:
  LogFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tidemark-log-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~LogFolder() { std::filesystem::remove_all(path_); }
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string segment(const std::string& partition, int64_t base_offset) const {
    char name[32];
    snprintf(name, sizeof(name), "%020lld.log", static_cast<long long>(base_offset));
    return path_ + "/" + partition + "/" + name;
  }
  // Of the partition's folder, as "topic-0".
  void write(const std::string& partition, int64_t base_offset, const Bytes& bytes) {
    write_file(partition, segment(partition, base_offset), bytes);
  }
  void write_file(const std::string& folder, const std::string& path, const Bytes& bytes) {
    std::filesystem::create_directories(path_ + "/" + folder);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

 private:
  std::string path_;
};

}  // namespace tidemark::testing
