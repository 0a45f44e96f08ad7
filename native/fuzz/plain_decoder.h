// PlainDecoder: the records of a v2 record batch as the protocol guide says it, with no thought
// for speed: what the decoder is held against.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "log/record_batch.h"

namespace tidemark::testing {

struct PlainRecord {
  int64_t offset;
  int64_t timestamp;
  std::optional<std::string> key, value;
};

struct PlainRecords {
  std::vector<PlainRecord> records;  // the good ones before the fault
  bool good_header = false;
  bool good = false;  // all of it
};

struct Malformed : std::exception {};

inline void require(bool holds) {
  if (!holds) throw Malformed();
}

// A piece of the records section.
class Piece {
 public:
  explicit Piece(std::string bytes) : bytes_(std::move(bytes)) {}

  bool empty() const { return at_ == bytes_.size(); }
  uint8_t byte() {
    require(!empty());
    return static_cast<uint8_t>(bytes_[at_++]);
  }
  int64_t varint() {
    unsigned __int128 raw = 0;
    uint8_t last;
    int length = 0;
    do {
      require(length < 10);
      last = byte();
      raw |= static_cast<unsigned __int128>(last & 0x7f) << (7 * length++);
    } while (last & 0x80);
    require(raw <= std::numeric_limits<uint64_t>::max());
    const auto half = static_cast<int64_t>(static_cast<uint64_t>(raw) >> 1);
    return raw % 2 == 0 ? half : -half - 1;
  }
  std::string bytes(int64_t size) {
    require(size >= 0 && static_cast<uint64_t>(size) <= bytes_.size() - at_);
    at_ += static_cast<size_t>(size);
    return bytes_.substr(at_ - static_cast<size_t>(size), static_cast<size_t>(size));
  }
  std::optional<std::string> nullable() {
    const int64_t size = varint();
    if (size == -1) return std::nullopt;
    return bytes(size);
  }

 private:
  std::string bytes_;
  size_t at_ = 0;
};

inline PlainRecords decode_plainly(const RecordBatch& batch) {
  PlainRecords decoded;
  try {
    const __int128 span = static_cast<__int128>(batch.last_offset) - batch.base_offset;
    require(batch.base_offset >= 0 && span >= 0 && span <= std::numeric_limits<int32_t>::max());
    // One past the last offset is a position: it has to be a number, too.
    require(batch.last_offset != std::numeric_limits<int64_t>::max());
    const bool has_records = batch.kind == RecordBatchKind::kRecords;
    const int64_t count = has_records ? batch.record_count : 0;
    const size_t size = has_records && batch.records != nullptr ? batch.size : 0;
    require(count >= 0 && count <= span + 1 && static_cast<uint64_t>(count) * 7 <= size);
    require(count > 0 || size == 0);
    decoded.good_header = true;

    Piece section(std::string(reinterpret_cast<const char*>(batch.records), size));
    int64_t last_delta = -1;
    for (int64_t i = 0; i < count; ++i) {
      Piece record(section.bytes(section.varint()));
      record.byte();  // attributes
      const int64_t timestamp_delta = record.varint();
      const int64_t offset_delta = record.varint();
      require(offset_delta > last_delta && offset_delta <= span);
      PlainRecord read;
      read.offset = batch.base_offset + offset_delta;
      read.timestamp = batch.log_append_time()
                           ? batch.max_timestamp
                           : static_cast<int64_t>(static_cast<uint64_t>(batch.base_timestamp) +
                                                  static_cast<uint64_t>(timestamp_delta));
      read.key = record.nullable();
      read.value = record.nullable();
      const int64_t headers = record.varint();
      require(headers >= 0);
      for (int64_t j = 0; j < headers; ++j) {
        record.bytes(record.varint());
        record.nullable();
      }
      require(record.empty());
      last_delta = offset_delta;
      decoded.records.push_back(std::move(read));
    }
    require(section.empty());
    decoded.good = true;
  } catch (const Malformed&) {
  }
  return decoded;
}

}  // namespace tidemark::testing
