// InflateCodec: what inflates sections of one codec, one after another, each piece by piece.
//
// The bytes of a section are hostile: what is taken of memory grows with what comes out, never with
// what a header says will come, and ends at a limit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "log/byte_buffer.h"

namespace tidemark {

// What the records of one batch may inflate to: receive.message.max.bytes of a Kafka client by
// default. No reader of segments takes more, compressed or not, and no capture that can be replayed
// to its end has more.
constexpr size_t kMostInflatedBytes = 100'000'000;

enum class InflateOutcome : uint8_t {
  kOk,
  kCorrupt,
  kTooLarge,
  kUnsupported,  // it needs a dictionary
  kUnknownCodec,
  kNoMemory,
};

// Where the bytes of one read go, how many are wanted, and how many there may be.
class InflateSink {
 public:
  InflateSink(ByteBuffer& out, size_t wanted, size_t most)
      : out(out), most(most), begin_(out.size()), wanted_(wanted) {}

  ByteBuffer& out;
  const size_t most;

  size_t given() const { return out.size() - begin_; }
  bool has_enough() const { return given() >= wanted_; }
  // What a codec that can stop anywhere gives next: one byte too many tells that it is too large.
  size_t missing() const { return std::min(wanted_, most + 1) - given(); }

  // Room for `piece`, or for as much again as there is, but not for more than is missing.
  InflateOutcome make_room(size_t piece) {
    if (given() > most) return InflateOutcome::kTooLarge;
    if (out.room() >= piece) return InflateOutcome::kOk;
    const size_t again = has_enough() ? 0 : std::min(given(), missing());
    return out.make_room(std::max(piece, again)) ? InflateOutcome::kOk : InflateOutcome::kNoMemory;
  }

 private:
  const size_t begin_;
  const size_t wanted_;
};

class InflateCodec {
 public:
  virtual ~InflateCodec() = default;
  // Starts on a section, whatever became of the one before; `bytes` stay where they are.
  virtual void open(const uint8_t* bytes, size_t size) = 0;
  // Gives what comes next, until `sink` has enough or the section is at its end.
  virtual InflateOutcome read(InflateSink& sink) = 0;
  // Everything came out, and the checksums are right.
  virtual bool is_at_end() const = 0;
  // The memory that it holds.
  virtual size_t bytes() const = 0;
};

// As in the attributes of a record batch. Null: there is no memory, or no such codec.
constexpr int kGzipCodec = 1, kSnappyCodec = 2, kLz4Codec = 3, kZstdCodec = 4;
std::unique_ptr<InflateCodec> make_gzip_codec();
std::unique_ptr<InflateCodec> make_snappy_codec();
std::unique_ptr<InflateCodec> make_lz4_codec();
std::unique_ptr<InflateCodec> make_zstd_codec();

// Of all of them: what they hold that is not malloc's. From any thread.
size_t mapped_codec_bytes();

}  // namespace tidemark
