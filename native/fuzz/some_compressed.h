// SomeCompressed: a compressed records section as the dice fall: good, damaged, a bomb, or any
// bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "fuzz/plain_codecs.h"
#include "test_support/dice.h"

namespace tidemark::testing {

// What it may inflate to. Small, so that a small input can be a bomb.
constexpr size_t kLimit = 64 * 1024;

inline std::string plain_section(Dice& dice) {
  const int64_t size = dice.one_in(4)    ? static_cast<int64_t>(kLimit) - 2 + dice.below(4)
                       : dice.one_in(16) ? dice.below(512 * 1024)
                                         : dice.below(300);
  // Some bytes again and again: it compresses, and it has what copies refer to.
  std::string motif(static_cast<size_t>(1 + dice.below(40)), '\0');
  for (char& byte : motif)
    byte = static_cast<char>(dice.below(256));
  std::string section;
  while (section.size() < static_cast<size_t>(size))
    section += motif;
  section.resize(static_cast<size_t>(size));
  return section;
}

inline std::string gzip(const std::string& plain, Dice& dice) {
  z_stream stream{};
  const int wrapper = dice.one_in(4) ? 0 : 16;  // zlib's own is taken, too
  deflateInit2(&stream, static_cast<int>(dice.below(10)), Z_DEFLATED, 15 + wrapper, 8,
               static_cast<int>(dice.below(5)));
  std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

inline std::string snappy_preamble(uint64_t size) {
  std::string out;
  for (; size >= 0x80; size >>= 7)
    out += static_cast<char>(size | 0x80);
  return out + static_cast<char>(size);
}

// Elements as they come, and what they give.
inline std::string snappy_block(Dice& dice) {
  uint64_t size = 0;
  std::string elements;
  const auto put = [&](uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      elements += static_cast<char>(value >> (8 * i));
  };
  for (int64_t left = 1 + dice.below(12); left > 0; --left) {
    const int64_t kind = size == 0 ? 0 : dice.below(4);
    const int64_t lie = dice.one_in(12) ? dice.below(1 << 16) : 0;
    const auto offset = static_cast<uint64_t>(
        1 + lie +
        dice.below(static_cast<int64_t>(std::min<uint64_t>(std::max<uint64_t>(size, 1), 60000))));
    int64_t length = 1 + dice.below(64);
    switch (kind) {
      case 0:
        if (length > 60) {
          put((59 + static_cast<uint64_t>(dice.one_in(2) ? 1 : 2)) << 2, 1);
          const int bytes = static_cast<int>(static_cast<uint8_t>(elements.back()) >> 2) - 59;
          put(static_cast<uint64_t>(length - 1), bytes);
        } else {
          put(static_cast<uint64_t>(length - 1) << 2, 1);
        }
        for (int64_t i = 0; i < length; ++i)
          elements += static_cast<char>('a' + i % 26);
        break;
      case 1:
        length = 4 + length % 8;
        put(1 | static_cast<uint64_t>(length - 4) << 2 | (offset >> 8 & 7) << 5, 1);
        put(offset, 1);
        break;
      default: {
        // Again and again: 64 bytes for each three.
        const int64_t times = dice.one_in(4) ? 1 + dice.below(1'200) : 1;
        for (int64_t i = 0; i < times; ++i) {
          put((kind == 2 ? 2u : 3u) | static_cast<uint64_t>(length - 1) << 2, 1);
          put(offset, kind == 2 ? 2 : 4);
        }
        length *= times;
      }
    }
    size += static_cast<uint64_t>(length);
  }
  if (dice.one_in(8)) size = static_cast<uint64_t>(dice()) >> dice.below(60);
  return snappy_preamble(size) + elements;
}

inline std::string snappy(Dice& dice) {
  if (dice.one_in(2)) return snappy_block(dice);
  std::string out = kSnappyFrame;
  for (int64_t blocks = dice.below(4); blocks >= 0; --blocks) {
    const std::string block = snappy_block(dice);
    const uint64_t size = dice.one_in(16) ? dice() : block.size();
    for (int shift = 24; shift >= 0; shift -= 8)
      out += static_cast<char>(size >> shift);
    out += block;
  }
  return out;
}

inline std::string lz4(const std::string& plain, Dice& dice) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.blockSizeID = static_cast<LZ4F_blockSizeID_t>(4 + dice.below(4));
  preferences.frameInfo.blockMode = dice.one_in(2) ? LZ4F_blockIndependent : LZ4F_blockLinked;
  preferences.frameInfo.contentChecksumFlag =
      dice.one_in(2) ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
  preferences.frameInfo.blockChecksumFlag =
      dice.one_in(2) ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
  preferences.frameInfo.contentSize = dice.one_in(2) ? plain.size() : 0;
  std::string out(LZ4F_compressFrameBound(plain.size(), &preferences), '\0');
  const size_t size =
      LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), &preferences);
  out.resize(LZ4F_isError(size) ? 0 : size);
  return out;
}

inline std::string zstd(const std::string& plain, Dice& dice) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, static_cast<int>(dice.below(4)));
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, dice.one_in(2) ? 1 : 0);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, dice.one_in(2) ? 1 : 0);
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  const size_t size = ZSTD_compress2(context, out.data(), out.size(), plain.data(), plain.size());
  ZSTD_freeCCtx(context);
  out.resize(ZSTD_isError(size) ? 0 : size);
  return out;
}

inline std::string compress(Codec codec, Dice& dice) {
  switch (codec) {
    case Codec::kGzip:
      return gzip(plain_section(dice), dice);
    case Codec::kSnappy:
      return snappy(dice);
    case Codec::kLz4:
      return lz4(plain_section(dice), dice);
    default:
      return zstd(plain_section(dice), dice);
  }
}

// Most faults are near the beginning, where the headers are, or at the end.
inline size_t some_place(const std::string& data, Dice& dice) {
  const auto size = static_cast<int64_t>(data.size());
  const int64_t place = dice.one_in(2) ? dice.below(24) : dice.below(1 << 16);
  return static_cast<size_t>(dice.one_in(3) ? std::max<int64_t>(size - 1 - place, 0)
                                            : std::min(place, std::max<int64_t>(size - 1, 0)));
}

inline void damage(std::string& data, Dice& dice) {
  const size_t place = some_place(data, dice);
  switch (data.empty() ? 2 : dice.below(6)) {
    case 0:
      data[place] = static_cast<char>(data[place] ^ (1 << dice.below(8)));
      return;
    case 1:
      data[place] = static_cast<char>(dice.below(256));
      return;
    case 2:
      data.insert(place, static_cast<size_t>(1 + dice.below(8)),
                  static_cast<char>(dice.below(256)));
      return;
    case 3:
      data.erase(place, static_cast<size_t>(1 + dice.below(8)));
      return;
    case 4:
      data.resize(place);
      return;
    default:
      data += data.substr(place);  // a second frame, when it is the beginning
  }
}

inline std::string some_compressed(Codec codec, Dice& dice) {
  std::string data;
  if (dice.one_in(3)) {
    const auto rest = dice.take_rest();
    if (codec == Codec::kSnappy && dice.one_in(2)) data = kSnappyFrame;
    data.append(rest.begin(), rest.end());
    return data;
  }
  data = compress(codec, dice);
  for (int64_t faults = dice.one_in(3) ? 0 : 1 + dice.below(3); faults > 0; --faults)
    damage(data, dice);
  return data;
}

}  // namespace tidemark::testing
