// Reads log segments by the letter of Kafka's format, with nothing of the code that writes them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "log/record_batch.h"

namespace tidemark::testing {

struct PlainBatch {
  int64_t base_offset, base_timestamp, max_timestamp, producer_id;
  int32_t length, leader_epoch, last_offset_delta, base_sequence, record_count;
  int16_t attributes, producer_epoch;
  int8_t magic;
  uint32_t crc, computed_crc;
  std::string records;

  int64_t last_offset() const { return base_offset + last_offset_delta; }

  // As the decoder takes it; it points into this.
  RecordBatch batch() const {
    RecordBatch batch{};
    batch.base_offset = base_offset;
    batch.last_offset = last_offset();
    batch.base_timestamp = base_timestamp;
    batch.max_timestamp = max_timestamp;
    batch.record_count = record_count;
    batch.leader_epoch = leader_epoch;
    batch.attributes = attributes;
    batch.kind = RecordBatchKind::kRecords;
    batch.records = records.empty() ? nullptr : reinterpret_cast<const uint8_t*>(records.data());
    batch.size = records.size();
    return batch;
  }
};

class PlainBytes {
 public:
  explicit PlainBytes(const std::string& bytes) : bytes_(bytes) {}

  template <typename Integer>
  Integer next() {
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(Integer); ++i)
      value = (value << 8) | static_cast<uint8_t>(bytes_.at(at_++));
    return static_cast<Integer>(value);
  }

  size_t at() const { return at_; }
  bool at_end() const { return at_ == bytes_.size(); }
  std::string take(size_t size) {
    if (size > bytes_.size() - at_) throw std::out_of_range("a record batch is cut off");
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  const std::string& all() const { return bytes_; }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

inline uint32_t plain_crc32c(const std::string& bytes) {
  uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; bit++)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

// The fields of a header in the order of the protocol guide; of another format than v2 those that
// all formats have.
inline PlainBatch read_plain_header(PlainBytes& from) {
  PlainBatch batch{};
  batch.base_offset = from.next<int64_t>();
  batch.length = from.next<int32_t>();
  batch.leader_epoch = from.next<int32_t>();
  batch.magic = from.next<int8_t>();
  if (batch.magic != 2) return batch;
  batch.crc = from.next<uint32_t>();
  batch.attributes = from.next<int16_t>();
  batch.last_offset_delta = from.next<int32_t>();
  batch.base_timestamp = from.next<int64_t>();
  batch.max_timestamp = from.next<int64_t>();
  batch.producer_id = from.next<int64_t>();
  batch.producer_epoch = from.next<int16_t>();
  batch.base_sequence = from.next<int32_t>();
  batch.record_count = from.next<int32_t>();
  return batch;
}

// Throws where the bytes end within a record batch.
inline std::vector<PlainBatch> plain_batches(const std::string& bytes) {
  std::vector<PlainBatch> batches;
  PlainBytes from(bytes);
  while (!from.at_end()) {
    const size_t start = from.at();
    PlainBatch batch = read_plain_header(from);
    const size_t end = start + 12 + static_cast<size_t>(batch.length);
    batch.computed_crc = plain_crc32c(bytes.substr(start + 21, end - start - 21));
    batch.records = from.take(end - from.at());
    batches.push_back(std::move(batch));
  }
  return batches;
}

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Names of the files and folders in `folder`, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

// What complete segments of a partition have, in the order of their names.
inline std::vector<PlainBatch> captured_batches(const std::filesystem::path& folder) {
  std::vector<PlainBatch> all;
  for (const std::string& name : names_in(folder)) {
    if (std::filesystem::path(name).extension() != ".log") continue;
    for (PlainBatch& batch : plain_batches(file_bytes(folder / name)))
      all.push_back(std::move(batch));
  }
  return all;
}

}  // namespace tidemark::testing
