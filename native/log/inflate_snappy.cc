#include <algorithm>
#include <cstring>
#include <new>

#include "log/inflate_codec.h"

extern "C" {
#include <librdkafka/snappy.h>
}

namespace tidemark {
namespace {

constexpr uint8_t kMagic[] = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
constexpr size_t kFramingHeader = sizeof(kMagic) + 8;  // two versions follow
constexpr size_t kBlockLength = 4;

uint32_t read_be32(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
         static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
}

const char* chars(const uint8_t* bytes) { return reinterpret_cast<const char*>(bytes); }

// In one piece, or in Java's framing: a header, then blocks with their lengths in front.
class SnappyCodec final : public InflateCodec {
 public:
  void open(const uint8_t* bytes, size_t size) override {
    // With a block behind it, as librdkafka wants it.
    is_framed_ = size > kFramingHeader + kBlockLength && memcmp(bytes, kMagic, sizeof kMagic) == 0;
    next_ = bytes + (is_framed_ ? kFramingHeader : 0);
    end_ = bytes + size;
    is_at_end_ = false;
  }

  InflateOutcome read(InflateSink& sink) override {
    while (!sink.has_enough() && !is_at_end_) {
      size_t length = left();
      if (is_framed_) {
        if (left() < kBlockLength) return InflateOutcome::kCorrupt;
        length = read_be32(next_);
        next_ += kBlockLength;
        if (length > left()) return InflateOutcome::kCorrupt;
      }
      const InflateOutcome outcome = read_block(length, sink);
      if (outcome != InflateOutcome::kOk) return outcome;
      next_ += length;
      is_at_end_ = left() == 0;
    }
    return InflateOutcome::kOk;
  }

  bool is_at_end() const override { return is_at_end_; }
  size_t bytes() const override { return sizeof(*this); }

 private:
  size_t left() const { return static_cast<size_t>(end_ - next_); }

  // The length is refused where no bytes of this number can give it (librdkafka's patch).
  InflateOutcome read_block(size_t size, InflateSink& sink) const {
    size_t length = 0;
    if (!rd_kafka_snappy_uncompressed_length(chars(next_), size, &length))
      return InflateOutcome::kCorrupt;
    if (length > sink.most - sink.given()) return InflateOutcome::kTooLarge;
    // Of nothing, too, since what follows it in the block must be nothing.
    const auto room = sink.make_room(std::max<size_t>(length, 1));
    if (room != InflateOutcome::kOk) return room;
    char* const out = reinterpret_cast<char*>(sink.out.end());
    if (rd_kafka_snappy_uncompress(chars(next_), size, out) != 0) return InflateOutcome::kCorrupt;
    sink.out.grow(length);
    return InflateOutcome::kOk;
  }

  const uint8_t* next_ = nullptr;
  const uint8_t* end_ = nullptr;
  bool is_framed_ = false;
  bool is_at_end_ = false;
};

}  // namespace

std::unique_ptr<InflateCodec> make_snappy_codec() {
  return std::unique_ptr<InflateCodec>(new (std::nothrow) SnappyCodec);
}

}  // namespace tidemark
