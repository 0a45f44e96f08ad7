// A record batch whose records are compressed, by any codec and in any form.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log/inflate_codec.h"
#include "test_support/compress.h"
#include "test_support/dice.h"
#include "test_support/record_batch_writer.h"

namespace tidemark::testing {

// Of snappy, without Java's framing; of lz4, as large as the block size allows.
constexpr size_t kOneBlock = 0;

// `block` is about lz4 and snappy: of the others, a reader stops anywhere.
inline Bytes compress(int codec, const Bytes& plain, size_t block, Dice& dice) {
  switch (codec) {
    case kGzipCodec:
      return gzip(plain, static_cast<int>(dice.below(10)));
    case kSnappyCodec:
      return block == kOneBlock ? snappy(plain) : framed_snappy(plain, block);
    case kLz4Codec:
      return lz4(plain, {static_cast<LZ4F_blockSizeID_t>(4 + dice.below(4)), dice.one_in(2),
                         dice.one_in(2), dice.one_in(2), dice.one_in(2), block});
    default:
      return zstd(plain, {static_cast<int>(1 + dice.below(4)), 0, dice.one_in(2), dice.one_in(2)});
  }
}

inline WrittenBatch compress(const WrittenBatch& batch, int codec, size_t block, Dice& dice) {
  if (batch.bytes.empty()) return batch;
  WrittenBatch out{batch.header, compress(codec, batch.bytes, block, dice)};
  out.header.is_compressed = true;
  out.header.attributes = static_cast<int16_t>((batch.header.attributes & ~7) | codec);
  return out;
}

inline WrittenBatch compress(const WrittenBatch& batch, Dice& dice) {
  const auto codec = static_cast<int>(1 + dice.below(4));
  const size_t block = dice.one_in(3) ? kOneBlock : static_cast<size_t>(1 + dice.below(100));
  return compress(batch, codec, block, dice);
}

}  // namespace tidemark::testing
