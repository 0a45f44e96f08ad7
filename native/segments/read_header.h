// read_header: the header of the record batch at some place of a segment, also near its end: a
// message of v0 or v1 is shorter than the header of v2, and would be taken for a torn one.
#pragma once

#include <algorithm>
#include <optional>

#include "log/stored_batch.h"

namespace tidemark {

// `size` bytes are there; more than a header has are not looked at. Nothing: they end in front of
// what all formats have in common. Of a v2 header that is cut off behind it the rest reads as
// zeros: its length says that it is.
inline std::optional<StoredBatch> read_header(const uint8_t* bytes, size_t size) {
  constexpr size_t kCommonBytes = 17;  // base offset, length, and up to the magic
  if (size < kCommonBytes) return std::nullopt;
  if (size >= kStoredHeaderBytes) return StoredBatch::read(bytes);
  StoredHeader header{};
  std::copy_n(bytes, size, header.begin());
  return StoredBatch::read(header.data());
}

}  // namespace tidemark
