// RecordBatchWriter: builds v2 record batches for tests, well-formed or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "log/record_batch.h"

namespace tidemark::testing {

using Bytes = std::vector<uint8_t>;

inline void write_varint(Bytes& to, int64_t value) {
  uint64_t raw = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  for (; raw >= 0x80; raw >>= 7)
    to.push_back(static_cast<uint8_t>(raw | 0x80));
  to.push_back(static_cast<uint8_t>(raw));
}

inline void write_nullable(Bytes& to, const std::optional<std::string>& bytes) {
  write_varint(to, bytes ? static_cast<int64_t>(bytes->size()) : -1);
  if (bytes) to.insert(to.end(), bytes->begin(), bytes->end());
}

struct WrittenRecord {
  int64_t offset = 0;
  int64_t timestamp = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

// A record batch and the memory it points into.
struct WrittenBatch {
  RecordBatch header{};
  Bytes bytes;

  RecordBatch batch() const {
    RecordBatch batch = header;
    batch.records = bytes.empty() ? nullptr : bytes.data();
    batch.size = bytes.size();
    return batch;
  }
};

class RecordBatchWriter {
 public:
  RecordBatchWriter(int64_t base_offset, int64_t base_timestamp) {
    batch_.header.base_offset = base_offset;
    batch_.header.last_offset = base_offset;
    batch_.header.base_timestamp = base_timestamp;
    batch_.header.max_timestamp = base_timestamp;
    batch_.header.kind = RecordBatchKind::kRecords;
  }

  RecordBatchWriter& add(const WrittenRecord& record) {
    Bytes body;
    body.push_back(0);  // attributes
    write_varint(body, static_cast<int64_t>(static_cast<uint64_t>(record.timestamp) -
                                            static_cast<uint64_t>(batch_.header.base_timestamp)));
    write_varint(body, record.offset - batch_.header.base_offset);
    write_nullable(body, record.key);
    write_nullable(body, record.value);
    write_varint(body, static_cast<int64_t>(record.headers.size()));
    for (const auto& [name, value] : record.headers) {
      write_nullable(body, name);
      write_nullable(body, value);
    }
    write_varint(batch_.bytes, static_cast<int64_t>(body.size()));
    batch_.bytes.insert(batch_.bytes.end(), body.begin(), body.end());
    RecordBatch& header = batch_.header;
    ++header.record_count;
    if (record.offset > header.last_offset) header.last_offset = record.offset;
    if (record.timestamp > header.max_timestamp) header.max_timestamp = record.timestamp;
    return *this;
  }

  // Ends the batch at `last_offset` where its last record is not: compaction took that away.
  RecordBatchWriter& last_offset(int64_t offset) {
    batch_.header.last_offset = offset;
    return *this;
  }

  // Log-append time: every record has `timestamp`, whatever its delta says.
  RecordBatchWriter& log_append_time(int64_t timestamp) {
    batch_.header.attributes |= 1 << 3;
    batch_.header.max_timestamp = timestamp;
    return *this;
  }

  WrittenBatch finish() { return std::move(batch_); }

 private:
  WrittenBatch batch_;
};

// `count` records from `offset` on, each with its offset for a timestamp.
inline WrittenBatch records_from(int64_t offset, int count, const std::string& value = "value") {
  RecordBatchWriter writer(offset, offset);
  for (int i = 0; i < count; ++i)
    writer.add({offset + i, offset + i, "key", value, {}});
  return writer.finish();
}

// One whose records section has `size` bytes, of which there are 100 millions or so.
inline WrittenBatch one_large_record(int64_t offset, size_t size) {
  constexpr size_t kOverhead = 16;  // beside the value
  return records_from(offset, 1, std::string(size - kOverhead, 'v'));
}

// A batch without payload: a transaction marker, or data of an aborted transaction.
inline WrittenBatch bare_batch(RecordBatchKind kind, int64_t base_offset, int64_t last_offset) {
  WrittenBatch batch;
  batch.header.base_offset = base_offset;
  batch.header.last_offset = last_offset;
  batch.header.base_timestamp = batch.header.max_timestamp = -1;
  batch.header.kind = kind;
  return batch;
}

}  // namespace tidemark::testing
