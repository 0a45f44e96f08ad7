#include "raw_log.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace tidemark_test {
namespace {

template <typename Int>
std::string big_endian(Int value) {
  std::string bytes;
  for (int shift = 8 * (static_cast<int>(sizeof value) - 1); shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<uint64_t>(value) >> shift);
  }
  return bytes;
}

std::string kafka_string(const std::string& text) {
  return big_endian(static_cast<int16_t>(text.size())) + text;
}

std::string varint(int64_t value) {
  uint64_t left = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  std::string bytes;
  for (; left >= 0x80; left >>= 7)
    bytes += static_cast<char>(left | 0x80);
  return bytes + static_cast<char>(left);
}

uint32_t crc32c(const std::string& bytes) {
  uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; bit++)
      crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

void exchange(int socket, const std::string& request) {
  if (write(socket, request.data(), request.size()) != static_cast<ssize_t>(request.size())) {
    throw std::runtime_error("cannot write to the mock broker");
  }
  char response[256];  // size 4, correlation id 4, topics 4, name, partitions 4, partition 4, error
                       // 2
  const ssize_t got = read(socket, response, sizeof response);
  if (got < 22) throw std::runtime_error("no answer from the mock broker");
  const size_t name_size = static_cast<uint8_t>(response[13]);
  const char* error = response + 14 + name_size + 8;
  if (error[0] != 0 || error[1] != 0) throw std::runtime_error("the mock broker refused the bytes");
}

}  // namespace

std::string raw_record(const std::string& value) {
  std::string body(1, '\0');  // attributes
  body += varint(0) + varint(0) + varint(-1) + varint(static_cast<int64_t>(value.size())) + value;
  body += varint(0);  // headers
  return varint(static_cast<int64_t>(body.size())) + body;
}

std::string to_bytes(const RawBatch& batch) {
  constexpr int64_t kTime = 1'700'000'000'000;
  const std::string checked = big_endian(batch.attributes) + big_endian(batch.record_count - 1) +
                              big_endian(kTime) + big_endian(kTime) + big_endian(int64_t{-1}) +
                              big_endian(int16_t{-1}) + big_endian(int32_t{-1}) +
                              big_endian(batch.record_count) + batch.records;
  const auto length = static_cast<int32_t>(4 + 1 + 4 + checked.size()) + batch.length_lie;
  return big_endian(int64_t{0}) + big_endian(length) + big_endian(int32_t{0}) +
         static_cast<char>(batch.magic) + big_endian(crc32c(checked) ^ batch.crc_lie) + checked;
}

std::string raw_message_v1(const std::string& value) {
  const std::string body = big_endian(uint32_t{0}) + '\1' + '\0' + big_endian(int64_t{1'000}) +
                           big_endian(int32_t{-1}) +
                           big_endian(static_cast<int32_t>(value.size())) + value;
  return big_endian(int64_t{0}) + big_endian(static_cast<int32_t>(body.size())) + body;
}

void append_raw(const std::string& bootstrap, const std::string& topic, const std::string& bytes) {
  const size_t colon = bootstrap.find(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(std::stoi(bootstrap.substr(colon + 1))));
  inet_pton(AF_INET, bootstrap.substr(0, colon).c_str(), &address.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the mock broker");
  }
  // Produce, version 3: transactional id, acks, timeout, one topic, one partition
  std::string request = big_endian(int16_t{0}) + big_endian(int16_t{3}) + big_endian(int32_t{1}) +
                        kafka_string("test") + big_endian(int16_t{-1}) + big_endian(int16_t{1}) +
                        big_endian(int32_t{1'000}) + big_endian(int32_t{1}) + kafka_string(topic) +
                        big_endian(int32_t{1}) + big_endian(int32_t{0}) +
                        big_endian(static_cast<int32_t>(bytes.size())) + bytes;
  request = big_endian(static_cast<int32_t>(request.size())) + request;
  try {
    exchange(socket, request);
  } catch (...) {
    close(socket);
    throw;
  }
  close(socket);
}

}  // namespace tidemark_test
