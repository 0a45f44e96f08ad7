// compress: records sections as producers write them, of every codec and in all of its forms.
#pragma once

#include <gtest/gtest.h>
#include <librdkafka/lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace tidemark::testing {

using Bytes = std::vector<uint8_t>;

// Text that compresses about as well as JSON does.
inline Bytes some_text(size_t size) {
  const std::string words[] = {"\"price\":", "\"symbol\":\"ABC\",", "{\"id\":", "},\n", "true,"};
  Bytes bytes;
  bytes.reserve(size + 32);
  for (uint32_t i = 0, dice = 1; bytes.size() < size; ++i) {
    dice = dice * 1664525 + 1013904223;
    const std::string& word = words[dice >> 16 & 3];
    bytes.insert(bytes.end(), word.begin(), word.end());
    for (uint32_t number = dice >> (8 + i % 16); number > 0; number /= 10)
      bytes.push_back(static_cast<uint8_t>('0' + number % 10));
  }
  bytes.resize(size);
  return bytes;
}

inline void append(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

inline Bytes gzip(const Bytes& plain, int level = 6) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<uint8_t*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Lz4Form {
  LZ4F_blockSizeID_t block_size = LZ4F_max64KB;
  bool is_linked = false;
  bool has_block_checksums = false;
  bool has_checksum = false;
  bool has_size = false;
  size_t flushed = 0;  // a block has no more than so many bytes, if not 0
};

// As a stream writes it: the block size stays, however little there is.
inline Bytes lz4(const Bytes& plain, const Lz4Form& form = {}) {
  LZ4F_preferences_t preferences{};
  preferences.autoFlush = form.flushed > 0;
  LZ4F_frameInfo_t& info = preferences.frameInfo;
  info.blockSizeID = form.block_size;
  info.blockMode = form.is_linked ? LZ4F_blockLinked : LZ4F_blockIndependent;
  info.blockChecksumFlag =
      form.has_block_checksums ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
  info.contentChecksumFlag =
      form.has_checksum ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
  info.contentSize = form.has_size ? plain.size() : 0;
  LZ4F_cctx* context = nullptr;
  EXPECT_FALSE(LZ4F_isError(LZ4F_createCompressionContext(&context, LZ4F_VERSION)));
  const size_t step = form.flushed > 0 ? form.flushed : std::max<size_t>(plain.size(), 1);
  const size_t steps = plain.size() / step + 2;
  Bytes out(LZ4F_HEADER_SIZE_MAX + steps * LZ4F_compressBound(step, &preferences));
  size_t size = LZ4F_compressBegin(context, out.data(), out.size(), &preferences);
  for (size_t at = 0; at < plain.size(); at += step) {
    size += LZ4F_compressUpdate(context, out.data() + size, out.size() - size, plain.data() + at,
                                std::min(step, plain.size() - at), nullptr);
  }
  const size_t end = LZ4F_compressEnd(context, out.data() + size, out.size() - size, nullptr);
  EXPECT_FALSE(LZ4F_isError(end));
  out.resize(size + end);
  LZ4F_freeCompressionContext(context);
  return out;
}

struct ZstdForm {
  int level = 3;
  int window_log = 0;  // 0: as the level has it
  bool has_size = false;
  bool has_checksum = false;
};

inline Bytes zstd(const Bytes& plain, const ZstdForm& form = {}) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, form.level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, form.window_log);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, form.has_checksum ? 1 : 0);
  if (form.has_size) ZSTD_CCtx_setPledgedSrcSize(context, plain.size());
  Bytes out(ZSTD_compressBound(plain.size()));
  ZSTD_inBuffer in{plain.data(), plain.size(), 0};
  ZSTD_outBuffer written{out.data(), out.size(), 0};
  // Not at once: it would know the size.
  ZSTD_compressStream2(context, &written, &in, ZSTD_e_continue);
  EXPECT_EQ(ZSTD_compressStream2(context, &written, &in, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(context);
  out.resize(written.pos);
  return out;
}

inline Bytes snappy_preamble(uint64_t size) {
  Bytes out;
  for (; size >= 0x80; size >>= 7)
    out.push_back(static_cast<uint8_t>(size | 0x80));
  out.push_back(static_cast<uint8_t>(size));
  return out;
}

// As literals: a length, then pieces of up to 60 bytes, each behind its tag.
inline Bytes snappy(const Bytes& plain) {
  Bytes out = snappy_preamble(plain.size());
  for (size_t at = 0; at < plain.size(); at += 60) {
    const size_t size = std::min<size_t>(60, plain.size() - at);
    out.push_back(static_cast<uint8_t>((size - 1) << 2));
    out.insert(out.end(), plain.begin() + static_cast<long>(at),
               plain.begin() + static_cast<long>(at + size));
  }
  return out;
}

inline Bytes in_javas_framing(const std::vector<Bytes>& blocks) {
  Bytes out = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
  for (const Bytes& block : blocks) {
    for (int shift = 24; shift >= 0; shift -= 8)
      out.push_back(static_cast<uint8_t>(block.size() >> shift));
    append(out, block);
  }
  return out;
}

inline Bytes framed_snappy(const Bytes& plain, size_t block) {
  std::vector<Bytes> blocks;
  size_t at = 0;
  do {
    const size_t size = std::min(block, plain.size() - at);
    blocks.push_back(snappy(Bytes(plain.begin() + static_cast<long>(at),
                                  plain.begin() + static_cast<long>(at + size))));
    at += size;
  } while (at < plain.size());
  return in_javas_framing(blocks);
}

}  // namespace tidemark::testing
