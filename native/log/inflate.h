// Inflater: decompresses the records section of a record batch, by any of Kafka's codecs.
//
// Its bytes are hostile: what is taken of memory grows with what comes out, never with what a
// header says will come, and ends at a limit. The codecs' states are kept: one for zstd costs 22 µs
// to make. For one thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log/byte_buffer.h"

struct LZ4F_dctx_s;
struct ZSTD_DCtx_s;
struct z_stream_s;

namespace tidemark {

// What the records of one batch may inflate to: receive.message.max.bytes of a Kafka client by
// default. No reader of segments takes more, compressed or not, and no capture writes more.
constexpr size_t kMostInflatedBytes = 100'000'000;

class Inflater {
 public:
  enum class Outcome : uint8_t { kOk, kCorrupt, kTooLarge, kUnknownCodec, kNoMemory };

  explicit Inflater(size_t most_bytes = kMostInflatedBytes) : most_bytes_(most_bytes) {}
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends to `out`; `codec` as in the attributes of a record batch, not 0. When it fails, `out`
  // is as it was.
  Outcome inflate(int codec, const uint8_t* bytes, size_t size, ByteBuffer& out);

 private:
  Outcome gzip(const uint8_t* bytes, size_t size, ByteBuffer& out);
  Outcome snappy(const uint8_t* bytes, size_t size, ByteBuffer& out);
  Outcome snappy_block(const uint8_t* bytes, size_t size, size_t begin, ByteBuffer& out);
  Outcome lz4(const uint8_t* bytes, size_t size, ByteBuffer& out);
  Outcome zstd(const uint8_t* bytes, size_t size, ByteBuffer& out);
  // Some room for what comes out next; as much again as there is since `begin`.
  Outcome make_room(size_t begin, ByteBuffer& out) const;

  const size_t most_bytes_;
  z_stream_s* gzip_ = nullptr;
  LZ4F_dctx_s* lz4_ = nullptr;
  ZSTD_DCtx_s* zstd_ = nullptr;
};

}  // namespace tidemark
