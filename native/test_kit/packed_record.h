// PackedRecord: one record out of the bytes that src/testing/packed-records.ts writes: many records
// for one crossing of the boundary, which would cost more than librdkafka does. Little-endian:
//
//   uint32 topic, int32 partition, int64 timestamp, int32 key size, int32 value size,
//   uint32 headers, key, value, then for each header: int32 name size, int32 value size, name,
//   value
//
// A size of -1 is null. A timestamp of 0 is the producer's clock: librdkafka takes it for that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace tidemark {

struct PackedBytes {
  const char* data = nullptr;  // nullptr: null
  size_t size = 0;
};

struct PackedHeader {
  PackedBytes name;
  PackedBytes value;
};

struct PackedRecord {
  uint32_t topic = 0;
  int32_t partition = 0;
  int64_t timestamp = 0;
  PackedBytes key;
  PackedBytes value;
  std::vector<PackedHeader> headers;
};

// Returns the position after the record at `position`, or 0 if it does not fit in `size`.
inline size_t read_packed_record(const uint8_t* bytes, size_t size, size_t position,
                                 PackedRecord* record) {
  bool fits = true;
  const auto number = [&](auto* value) {
    if (size - position < sizeof(*value)) {
      fits = false;
      *value = 0;
      return;
    }
    std::memcpy(value, bytes + position, sizeof(*value));
    position += sizeof(*value);
  };
  const auto take = [&](int32_t length) {
    PackedBytes taken;
    if (length < 0) return taken;
    taken.size = static_cast<size_t>(length);
    if (size - position < taken.size) {
      fits = false;
      return PackedBytes();
    }
    taken.data = reinterpret_cast<const char*>(bytes + position);
    position += taken.size;
    return taken;
  };
  int32_t key_size, value_size;
  uint32_t headers;
  number(&record->topic);
  number(&record->partition);
  number(&record->timestamp);
  number(&key_size);
  number(&value_size);
  number(&headers);
  record->key = take(key_size);
  record->value = take(value_size);
  for (uint32_t i = 0; i < headers && fits; ++i) {
    int32_t name_size;
    number(&name_size);
    number(&value_size);
    PackedHeader header;
    header.name = take(name_size);
    header.value = take(value_size);
    record->headers.push_back(header);
  }
  return fits ? position : 0;
}

}  // namespace tidemark
