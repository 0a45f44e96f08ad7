// RawLog: writes bytes of the test's own making into a mock cluster's log, where no producer could:
// a produce request over a socket. The mock checks little, which here is an advantage.
#pragma once

#include <cstdint>
#include <string>

namespace tidemark_test {

/// The fields of a v2 record batch, and lies about them.
struct RawBatch {
  std::string records;  // the records section, compressed or not
  int16_t attributes = 0;
  int32_t record_count = 1;
  int8_t magic = 2;
  int32_t length_lie = 0;  // added to the true length
  uint32_t crc_lie = 0;    // xor'ed to the true CRC
};

/// One record without key, headers and timestamp delta.
std::string raw_record(const std::string& value);

std::string to_bytes(const RawBatch& batch);

/// A message of format v1, without CRC.
std::string raw_message_v1(const std::string& value);

/// Appends `bytes` as one record batch to partition 0. `bootstrap` is host:port of its leader.
void append_raw(const std::string& bootstrap, const std::string& topic, const std::string& bytes);

}  // namespace tidemark_test
