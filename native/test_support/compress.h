// Compress: a records section as a producer compresses it, in any of the ways that Kafka's clients
// have, as the dice fall.
#pragma once

#include <librdkafka/lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "test_support/dice.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {

enum class Codec : int16_t { kGzip = 1, kSnappy = 2, kLz4 = 3, kZstd = 4 };

// As one block, or as long as the codec's own are.
constexpr size_t kWhole = size_t{1} << 40;

// Calls `put(block, is_last)` for each block of `plain`, once for none.
template <typename Put>
void for_blocks(const std::string& plain, size_t block, Put put) {
  size_t at = 0;
  do {
    const size_t size = std::min(block, plain.size() - at);
    put(plain.substr(at, size), at + size == plain.size());
    at += size;
  } while (at < plain.size());
}

inline std::string gzip(const std::string& plain, Dice& dice, size_t block = kWhole) {
  z_stream stream{};
  const int wrapper = dice.one_in(4) ? 0 : 16;  // zlib's own is taken, too
  deflateInit2(&stream, static_cast<int>(dice.below(10)), Z_DEFLATED, 15 + wrapper, 8,
               static_cast<int>(dice.below(5)));
  std::string out;
  for_blocks(plain, block, [&](std::string bytes, bool is_last) {
    const size_t begin = out.size();
    constexpr size_t kFlush = 64;
    out.resize(begin + deflateBound(&stream, static_cast<uLong>(bytes.size())) + kFlush);
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
    stream.avail_out = static_cast<uInt>(out.size() - begin);
    deflate(&stream, is_last ? Z_FINISH : Z_SYNC_FLUSH);
    out.resize(out.size() - stream.avail_out);
  });
  deflateEnd(&stream);
  return out;
}

inline std::string snappy_preamble(uint64_t size) {
  std::string out;
  for (; size >= 0x80; size >>= 7)
    out += static_cast<char>(size | 0x80);
  return out + static_cast<char>(size);
}

inline const std::string kSnappyFrame("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16);

// What Java's framing has in front of a block.
inline std::string snappy_block_length(uint64_t size) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(size >> shift);
  return out;
}

// As literals, and as copies of what is repeated at once.
inline std::string snappy_elements(const std::string& plain) {
  std::string out;
  for (size_t at = 0; at < plain.size();) {
    size_t repeated = 0;
    while (at > 0 && repeated < 64 && at + repeated < plain.size() &&
           plain[at + repeated] == plain[at - 1])
      ++repeated;
    if (repeated > 0) {
      out += static_cast<char>(2 | (repeated - 1) << 2);
      out += std::string("\1\0", 2);  // from so far before
      at += repeated;
      continue;
    }
    const size_t size = std::min<size_t>(4, plain.size() - at);
    out += static_cast<char>((size - 1) << 2);
    out += plain.substr(at, size);
    at += size;
  }
  return out;
}

inline std::string snappy(const std::string& plain, size_t block = kWhole) {
  const auto compress = [](const std::string& bytes) {
    return snappy_preamble(bytes.size()) + snappy_elements(bytes);
  };
  if (block == kWhole) return compress(plain);
  std::string out = kSnappyFrame;
  for_blocks(plain, block, [&](const std::string& bytes, bool) {
    const std::string compressed = compress(bytes);
    out += snappy_block_length(compressed.size()) + compressed;
  });
  return out;
}

inline std::string lz4(const std::string& plain, Dice& dice, size_t block = kWhole) {
  LZ4F_preferences_t preferences{};
  preferences.autoFlush = 1;
  preferences.frameInfo.blockSizeID = static_cast<LZ4F_blockSizeID_t>(4 + dice.below(4));
  preferences.frameInfo.blockMode = dice.one_in(2) ? LZ4F_blockIndependent : LZ4F_blockLinked;
  preferences.frameInfo.contentChecksumFlag =
      dice.one_in(2) ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
  preferences.frameInfo.blockChecksumFlag =
      dice.one_in(2) ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
  preferences.frameInfo.contentSize = dice.one_in(2) ? plain.size() : 0;
  std::string out(LZ4F_compressFrameBound(plain.size(), &preferences), '\0');
  if (block == kWhole) {
    const size_t size =
        LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), &preferences);
    out.resize(LZ4F_isError(size) ? 0 : size);
    return out;
  }
  LZ4F_cctx* context = nullptr;
  LZ4F_createCompressionContext(&context, LZ4F_VERSION);
  size_t size = LZ4F_compressBegin(context, out.data(), out.size(), &preferences);
  for_blocks(plain, block, [&](const std::string& bytes, bool) {
    out.resize(size + LZ4F_compressBound(bytes.size(), &preferences));
    size += LZ4F_compressUpdate(context, out.data() + size, out.size() - size, bytes.data(),
                                bytes.size(), nullptr);
  });
  out.resize(size + LZ4F_compressBound(0, &preferences));
  size += LZ4F_compressEnd(context, out.data() + size, out.size() - size, nullptr);
  LZ4F_freeCompressionContext(context);
  out.resize(size);
  return out;
}

inline std::string zstd(const std::string& plain, Dice& dice, size_t block = kWhole) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, static_cast<int>(dice.below(4)));
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, dice.one_in(2) ? 1 : 0);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, dice.one_in(2) ? 1 : 0);
  std::string out;
  for_blocks(plain, block, [&](const std::string& bytes, bool is_last) {
    const size_t begin = out.size();
    constexpr size_t kFlush = 64;
    out.resize(begin + ZSTD_compressBound(bytes.size()) + kFlush);
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer to{out.data() + begin, out.size() - begin, 0};
    ZSTD_compressStream2(context, &to, &in, is_last ? ZSTD_e_end : ZSTD_e_flush);
    out.resize(begin + to.pos);
  });
  ZSTD_freeCCtx(context);
  return out;
}

inline std::string compress(Codec codec, const std::string& plain, Dice& dice,
                            size_t block = kWhole) {
  switch (codec) {
    case Codec::kGzip:
      return gzip(plain, dice, block);
    case Codec::kSnappy:
      return snappy(plain, block);
    case Codec::kLz4:
      return lz4(plain, dice, block);
    default:
      return zstd(plain, dice, block);
  }
}

// Its records, if it has any.
inline WrittenBatch compress(const WrittenBatch& batch, Codec codec, Dice& dice,
                             size_t block = kWhole) {
  if (batch.bytes.empty()) return batch;
  const std::string compressed =
      compress(codec, std::string(batch.bytes.begin(), batch.bytes.end()), dice, block);
  WrittenBatch out{batch.header, Bytes(compressed.begin(), compressed.end())};
  out.header.is_compressed = true;
  out.header.attributes =
      static_cast<int16_t>((batch.header.attributes & ~7) | static_cast<int16_t>(codec));
  return out;
}

inline WrittenBatch compress(const WrittenBatch& batch, Dice& dice) {
  const auto codec = static_cast<Codec>(1 + dice.below(4));
  const size_t block = dice.one_in(3) ? kWhole : static_cast<size_t>(1 + dice.below(100));
  return compress(batch, codec, dice, block);
}

}  // namespace tidemark::testing
