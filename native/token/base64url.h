// base64url: bytes as letters, digits, '-' and '_', without padding (RFC 4648, section 5).
#pragma once

#include <cstdint>
#include <string>

namespace tidemark {

inline std::string to_base64url(const std::string& bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<uint8_t>(byte);
    for (count += 8; count >= 6; count -= 6)
      text.push_back(kDigits[bits >> (count - 6) & 63]);
  }
  if (count > 0) text.push_back(kDigits[bits << (6 - count) & 63]);
  return text;
}

// False: it has another character. What is missing of the last byte is left out.
inline bool from_base64url(const char* text, size_t size, std::string* bytes) {
  bytes->clear();
  bytes->reserve(size * 3 / 4);
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < size; ++i) {
    const char c = text[i];
    uint32_t digit = 0;
    if (c >= 'A' && c <= 'Z') {
      digit = static_cast<uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      digit = static_cast<uint32_t>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      digit = static_cast<uint32_t>(c - '0') + 52;
    } else if (c == '-') {
      digit = 62;
    } else if (c == '_') {
      digit = 63;
    } else {
      return false;
    }
    bits = bits << 6 | digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes->push_back(static_cast<char>(bits >> count & 0xff));
  }
  return true;
}

}  // namespace tidemark
