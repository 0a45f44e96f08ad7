// PlainCodecs: what a compressed records section is, by the codecs' own libraries in one go, and of
// snappy by its format description: what librdkafka is held against.
#pragma once

#include <librdkafka/lz4frame.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <cstdint>
#include <optional>
#include <string>

namespace tidemark::testing {

enum class Codec : int16_t { kGzip = 1, kSnappy = 2, kLz4 = 3, kZstd = 4 };

struct Inflated {
  bool is_good = false;
  // Whole, and no bytes at all.
  bool is_nothing = false;
  // More than the limit: `bytes` are not all of them.
  bool is_too_large = false;
  std::string bytes;
};

inline Inflated inflated(std::string bytes, size_t limit) {
  Inflated result;
  result.is_too_large = bytes.size() > limit;
  // Kafka writes no batch that inflates to nothing.
  result.is_good = !bytes.empty() && !result.is_too_large;
  result.is_nothing = bytes.empty();
  result.bytes = std::move(bytes);
  return result;
}

inline Inflated inflate_gzip(const std::string& data, size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return {};
  std::string out(limit + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = inflate(&stream, Z_NO_FLUSH);
  out.resize(out.size() - stream.avail_out);
  inflateEnd(&stream);
  if (code != Z_STREAM_END && out.size() <= limit) return {};
  return inflated(std::move(out), limit);
}

inline Inflated inflate_lz4(const std::string& data, size_t limit) {
  LZ4F_dctx* context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) return {};
  std::string out(limit + 1, '\0');
  size_t in_at = 0, out_at = 0, hint = 1;
  while (hint != 0 && !LZ4F_isError(hint) && out_at < out.size()) {
    size_t in_size = data.size() - in_at, out_size = out.size() - out_at;
    hint = LZ4F_decompress(context, out.data() + out_at, &out_size, data.data() + in_at, &in_size,
                           nullptr);
    in_at += in_size;
    out_at += out_size;
    if (in_size == 0 && out_size == 0) break;
  }
  LZ4F_freeDecompressionContext(context);
  out.resize(out_at);
  if (LZ4F_isError(hint)) return {};
  // One frame, whole, and nothing behind it.
  if (out_at <= limit && (hint != 0 || in_at != data.size())) return {};
  return inflated(std::move(out), limit);
}

inline Inflated inflate_zstd(const std::string& data, size_t limit) {
  std::string out(limit, '\0');
  const size_t size = ZSTD_decompress(out.data(), out.size(), data.data(), data.size());
  if (!ZSTD_isError(size)) {
    out.resize(size);
    return inflated(std::move(out), limit);
  }
  Inflated result;
  result.is_too_large = ZSTD_getErrorCode(size) == ZSTD_error_dstSize_tooSmall;
  return result;
}

// https://github.com/google/snappy/blob/main/format_description.txt
inline std::optional<std::string> inflate_snappy_block(const std::string& data) {
  size_t at = 0;
  const auto left = [&] { return data.size() - at; };
  const auto little_endian = [&](int bytes) {
    uint32_t value = 0;
    for (int i = 0; i < bytes; ++i)
      value |= uint32_t{static_cast<uint8_t>(data[at++])} << (8 * i);
    return value;
  };
  uint64_t size = 0;
  for (int shift = 0;; shift += 7) {
    if (shift > 28 || left() == 0) return std::nullopt;
    const auto byte = static_cast<uint8_t>(data[at++]);
    size |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) break;
  }
  if (size > UINT32_MAX) return std::nullopt;
  std::string out;
  while (left() > 0) {
    const size_t tag = static_cast<uint8_t>(data[at++]);
    size_t length = 0, offset = 0;
    if ((tag & 3) == 0) {
      length = (tag >> 2) + 1;
      if (length > 60) {
        const int bytes = static_cast<int>(length - 60);
        if (left() < static_cast<size_t>(bytes)) return std::nullopt;
        length = size_t{little_endian(bytes)} + 1;
      }
      if (length > left() || length > size - out.size()) return std::nullopt;
      out.append(data, at, length);
      at += length;
      continue;
    }
    if ((tag & 3) == 1) {
      if (left() < 1) return std::nullopt;
      length = 4 + ((tag >> 2) & 7);
      offset = (tag >> 5 << 8) | little_endian(1);
    } else {
      const int bytes = (tag & 3) == 2 ? 2 : 4;
      if (left() < static_cast<size_t>(bytes)) return std::nullopt;
      length = (tag >> 2) + 1;
      offset = little_endian(bytes);
    }
    if (offset == 0 || offset > out.size() || length > size - out.size()) return std::nullopt;
    for (; length > 0; --length)
      out += out[out.size() - offset];
  }
  if (out.size() != size) return std::nullopt;
  return out;
}

inline const std::string kSnappyFrame("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16);

// Java's framing: blocks, each behind its size in four bytes.
inline Inflated inflate_snappy(const std::string& data, size_t limit) {
  constexpr size_t kMagic = 8;
  const size_t header = kSnappyFrame.size();
  if (data.size() <= header + 4 || data.compare(0, kMagic, kSnappyFrame, 0, kMagic) != 0) {
    auto block = inflate_snappy_block(data);
    return block ? inflated(std::move(*block), limit) : Inflated{};
  }
  std::string out;
  for (size_t at = header; at < data.size();) {
    if (data.size() - at < 4) return {};
    size_t size = 0;
    for (int i = 0; i < 4; ++i)
      size = size << 8 | static_cast<uint8_t>(data[at++]);
    if (size > data.size() - at) return {};
    const auto block = inflate_snappy_block(data.substr(at, size));
    if (!block) return {};
    out += *block;
    at += size;
  }
  return inflated(std::move(out), limit);
}

inline Inflated inflate_plainly(Codec codec, const std::string& data, size_t limit) {
  switch (codec) {
    case Codec::kGzip:
      return inflate_gzip(data, limit);
    case Codec::kSnappy:
      return inflate_snappy(data, limit);
    case Codec::kLz4:
      return inflate_lz4(data, limit);
    default:
      return inflate_zstd(data, limit);
  }
}

}  // namespace tidemark::testing
