#include "log/inflate.h"

#include <librdkafka/lz4frame.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <new>

extern "C" {
#include <librdkafka/snappy.h>
}

namespace tidemark {
namespace {

constexpr size_t kLeastRoom = 64 * 1024;  // a block of Java's lz4

uint32_t read_be32(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
         static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
}

const char* chars(const uint8_t* bytes) { return reinterpret_cast<const char*>(bytes); }

}  // namespace

Inflater::~Inflater() {
  if (gzip_ != nullptr) inflateEnd(gzip_);
  delete gzip_;
  LZ4F_freeDecompressionContext(lz4_);
  ZSTD_freeDCtx(zstd_);
}

Inflater::Outcome Inflater::inflate(int codec, const uint8_t* bytes, size_t size, ByteBuffer& out) {
  const size_t begin = out.size();
  Outcome outcome = Outcome::kUnknownCodec;
  if (codec == 1) outcome = gzip(bytes, size, out);
  if (codec == 2) outcome = snappy(bytes, size, out);
  if (codec == 3) outcome = lz4(bytes, size, out);
  if (codec == 4) outcome = zstd(bytes, size, out);
  if (outcome == Outcome::kOk && out.size() - begin > most_bytes_) outcome = Outcome::kTooLarge;
  if (outcome == Outcome::kOk) return outcome;
  out.truncate(begin);
  // LZ4F's reset keeps how much a frame still had to give, and refuses the next good one for it.
  LZ4F_freeDecompressionContext(lz4_);
  lz4_ = nullptr;
  return outcome;
}

Inflater::Outcome Inflater::make_room(size_t begin, ByteBuffer& out) const {
  const size_t done = out.size() - begin;
  if (done > most_bytes_) return Outcome::kTooLarge;
  if (out.room() >= kLeastRoom) return Outcome::kOk;
  const size_t wanted = std::max(kLeastRoom, std::min(done, most_bytes_ + 1 - done));
  return out.make_room(wanted) ? Outcome::kOk : Outcome::kNoMemory;
}

// Java reads on behind the end of a member, as gzip does; no producer writes two.
Inflater::Outcome Inflater::gzip(const uint8_t* bytes, size_t size, ByteBuffer& out) {
  constexpr int kGzipOrZlib = 15 + 32;
  if (gzip_ == nullptr) {
    gzip_ = new (std::nothrow) z_stream();
    if (gzip_ == nullptr) return Outcome::kNoMemory;
    if (inflateInit2(gzip_, kGzipOrZlib) != Z_OK) {
      delete gzip_;
      gzip_ = nullptr;
      return Outcome::kNoMemory;
    }
  }
  inflateReset(gzip_);
  gzip_->next_in = const_cast<uint8_t*>(bytes);  // it changes nothing there
  gzip_->avail_in = static_cast<uInt>(size);
  const size_t begin = out.size();
  for (;;) {
    if (const Outcome room = make_room(begin, out); room != Outcome::kOk) return room;
    const auto given = static_cast<uInt>(std::min<size_t>(out.room(), 1 << 30));
    gzip_->next_out = out.end();
    gzip_->avail_out = given;
    const int result = ::inflate(gzip_, Z_NO_FLUSH);
    out.grow(given - gzip_->avail_out);
    if (result == Z_STREAM_END) return Outcome::kOk;
    if (result == Z_MEM_ERROR) return Outcome::kNoMemory;
    const bool is_truncated = gzip_->avail_in == 0 && gzip_->avail_out > 0;
    if (result != Z_OK || is_truncated) return Outcome::kCorrupt;
  }
}

// In one piece, or in Java's framing: a header, then blocks with their lengths in front.
Inflater::Outcome Inflater::snappy(const uint8_t* bytes, size_t size, ByteBuffer& out) {
  constexpr uint8_t kMagic[] = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
  constexpr size_t kFramingHeader = sizeof(kMagic) + 8;  // two versions follow
  const size_t begin = out.size();
  constexpr size_t kBlockLength = 4;
  // With a block behind it, as librdkafka wants it.
  if (size <= kFramingHeader + kBlockLength || memcmp(bytes, kMagic, sizeof(kMagic)) != 0)
    return snappy_block(bytes, size, begin, out);
  for (size_t at = kFramingHeader; at < size;) {
    if (size - at < kBlockLength) return Outcome::kCorrupt;
    const size_t length = read_be32(bytes + at);
    at += kBlockLength;
    if (length > size - at) return Outcome::kCorrupt;
    if (const Outcome outcome = snappy_block(bytes + at, length, begin, out);
        outcome != Outcome::kOk) {
      return outcome;
    }
    at += length;
  }
  return Outcome::kOk;
}

// The length is refused where no bytes of this number can give it (librdkafka's patch).
Inflater::Outcome Inflater::snappy_block(const uint8_t* bytes, size_t size, size_t begin,
                                         ByteBuffer& out) {
  size_t length = 0;
  if (!rd_kafka_snappy_uncompressed_length(chars(bytes), size, &length)) return Outcome::kCorrupt;
  if (length > most_bytes_ - (out.size() - begin)) return Outcome::kTooLarge;
  // Of nothing, too, since what follows it in the block must be nothing.
  if (!out.make_room(std::max<size_t>(length, 1))) return Outcome::kNoMemory;
  if (rd_kafka_snappy_uncompress(chars(bytes), size, reinterpret_cast<char*>(out.end())) != 0)
    return Outcome::kCorrupt;
  out.grow(length);
  return Outcome::kOk;
}

Inflater::Outcome Inflater::lz4(const uint8_t* bytes, size_t size, ByteBuffer& out) {
  if (lz4_ == nullptr && LZ4F_isError(LZ4F_createDecompressionContext(&lz4_, LZ4F_VERSION))) {
    lz4_ = nullptr;
    return Outcome::kNoMemory;
  }
  LZ4F_resetDecompressionContext(lz4_);
  const size_t begin = out.size();
  size_t at = 0;
  for (;;) {
    if (const Outcome room = make_room(begin, out); room != Outcome::kOk) return room;
    size_t taken = size - at, given = out.room();
    const size_t result = LZ4F_decompress(lz4_, out.end(), &given, bytes + at, &taken, nullptr);
    if (LZ4F_isError(result)) return Outcome::kCorrupt;
    out.grow(given);
    at += taken;
    if (result == 0) return at == size ? Outcome::kOk : Outcome::kCorrupt;
    const bool is_truncated = at == size && out.room() > 0;
    if (is_truncated || (taken == 0 && given == 0)) return Outcome::kCorrupt;
  }
}

// In one go, since zstd's stream takes a window of the size that the frame's header says. Java and
// librdkafka write no content size; eight times is a likely ratio.
Inflater::Outcome Inflater::zstd(const uint8_t* bytes, size_t size, ByteBuffer& out) {
  if (zstd_ == nullptr) zstd_ = ZSTD_createDCtx();
  if (zstd_ == nullptr) return Outcome::kNoMemory;
  const unsigned long long content = ZSTD_getFrameContentSize(bytes, size);
  if (content == ZSTD_CONTENTSIZE_ERROR) return Outcome::kCorrupt;
  if (content != ZSTD_CONTENTSIZE_UNKNOWN && content > most_bytes_) return Outcome::kTooLarge;
  size_t guess = std::min(std::max(size * 8, kLeastRoom), most_bytes_);
  for (;;) {
    if (!out.make_room(guess)) return Outcome::kNoMemory;
    const size_t result = ZSTD_decompressDCtx(zstd_, out.end(), out.room(), bytes, size);
    if (!ZSTD_isError(result)) {
      out.grow(result);
      return Outcome::kOk;
    }
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) return Outcome::kNoMemory;
    if (ZSTD_getErrorCode(result) != ZSTD_error_dstSize_tooSmall) return Outcome::kCorrupt;
    if (out.room() >= most_bytes_) return Outcome::kTooLarge;
    guess = std::min(out.room() * 3, most_bytes_);
  }
}

}  // namespace tidemark
