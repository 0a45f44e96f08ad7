#define ZSTD_STATIC_LINKING_ONLY  // frame headers, and where the memory comes from
#include <sys/mman.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "log/inflate_codec.h"

namespace tidemark {
namespace {

constexpr size_t kLeastRoom = 64 * 1024;
constexpr size_t kLikelyRatio = 8;
// That of level 19, and what the format asks every reader to have. Level 3, the default, has 2 MiB.
constexpr size_t kMostWindow = 8 * 1024 * 1024;

std::atomic<size_t> mapped_bytes{0};

// zstd's stream keeps a window in a ring of the size that the frame's header says. Mapped by
// itself, it costs what is written there: of malloc's, pages that had another use are paid for too.
class Ring {
 public:
  ZSTD_customMem memory() { return {take, give_back, this}; }
  // So much was written there, or is about to be.
  void touch(size_t bytes) { set_touched(std::max(touched_, std::min(bytes, mapped_))); }
  size_t untouched() const { return mapped_ - touched_; }

 private:
  static constexpr size_t kLeastMapped = 128 * 1024;  // zstd's context is smaller, its ring larger
  static constexpr size_t kPrefix = 64;               // the size, and what keeps the alignment

  static void* take(void* opaque, size_t size) {
    if (size < kLeastMapped) return take_small(size);
    const size_t bytes = size + kPrefix;
    void* const mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
#ifdef MADV_NOHUGEPAGE
    madvise(mapped, bytes, MADV_NOHUGEPAGE);
#endif
    auto& ring = *static_cast<Ring*>(opaque);
    ring.mapped_ += bytes;
    return behind_size(mapped, bytes);
  }
  static void* take_small(size_t size) {
    void* const taken = std::malloc(size + kPrefix);
    return taken == nullptr ? nullptr : behind_size(taken, 0);
  }
  static void* behind_size(void* taken, size_t mapped) {
    *static_cast<size_t*>(taken) = mapped;
    return static_cast<uint8_t*>(taken) + kPrefix;
  }
  static void give_back(void* opaque, void* address) {
    if (address == nullptr) return;
    void* const taken = static_cast<uint8_t*>(address) - kPrefix;
    const size_t mapped = *static_cast<size_t*>(taken);
    if (mapped == 0) {
      std::free(taken);
      return;
    }
    auto& ring = *static_cast<Ring*>(opaque);
    ring.mapped_ -= mapped;
    ring.set_touched(0);
    munmap(taken, mapped);
  }
  void set_touched(size_t bytes) {
    mapped_bytes.fetch_add(bytes - std::exchange(touched_, bytes), std::memory_order_relaxed);
  }

  size_t mapped_ = 0;
  size_t touched_ = 0;
};

// In one go where what a section likely inflates to is wanted at once: nothing is copied then. By
// stream elsewhere, but for what is behind a window that is too large to be kept.
class ZstdCodec final : public InflateCodec {
 public:
  ~ZstdCodec() override { ZSTD_freeDCtx(context_); }

  bool init() {
    context_ = ZSTD_createDCtx_advanced(ring_.memory());
    return context_ != nullptr;
  }

  void open(const uint8_t* bytes, size_t size) override {
    ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
    in_ = {bytes, size, 0};
    given_ = 0;
    is_in_frame_ = false;
    is_at_end_ = false;
    is_damaged_ = false;
  }

  InflateOutcome read(InflateSink& sink) override {
    while (!is_at_end_ && !sink.has_enough()) {
      InflateOutcome outcome = is_in_frame_ ? read_piece(sink) : begin_frame(sink);
      if (outcome == InflateOutcome::kCorrupt && !is_damaged_) outcome = begin_again();
      if (outcome != InflateOutcome::kOk) return outcome;
    }
    return InflateOutcome::kOk;
  }

  bool is_at_end() const override { return is_at_end_; }
  size_t bytes() const override {
    return sizeof(*this) + ZSTD_sizeof_DCtx(context_) - ring_.untouched();
  }

 private:
  InflateOutcome begin_frame(InflateSink& sink) {
    const auto* const next = static_cast<const uint8_t*>(in_.src) + in_.pos;
    const bool is_first = in_.pos == 0;
    if (sink.given() > sink.most) return InflateOutcome::kTooLarge;
    const size_t most = sink.most - sink.given();
    ZSTD_frameHeader header;
    if (ZSTD_getFrameHeader(&header, next, in_.size - in_.pos) != 0)
      return InflateOutcome::kCorrupt;
    is_in_frame_ = true;
    if (header.frameType != ZSTD_skippableFrame) {
      const bool has_size = header.frameContentSize != ZSTD_CONTENTSIZE_UNKNOWN;
      if (header.dictID != 0) return InflateOutcome::kUnsupported;
      if (has_size && header.frameContentSize > most) return InflateOutcome::kTooLarge;
      if (header.windowSize > kMostWindow) return read_whole(most, sink);
    }
    const size_t wanted = std::min(sink.missing(), most);
    const bool is_by_stream = !is_first || is_damaged_;
    if (is_by_stream || (likely_size() > wanted && wanted < most)) return InflateOutcome::kOk;
    const InflateOutcome outcome = read_whole(wanted, sink);
    if (outcome != InflateOutcome::kTooLarge) return outcome;
    ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
    return InflateOutcome::kOk;
  }

  // What comes before a fault must not hang on how it is read, but zstd drops what the call that
  // met it has given. So a damaged section is read again, byte by byte: each call gives one and
  // looks no further than the next block. What was given before is passed over.
  InflateOutcome begin_again() {
    is_damaged_ = true;
    ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
    in_.pos = 0;
    is_in_frame_ = false;
    for (size_t passed = 0; passed < given_;) {
      uint8_t byte;
      ZSTD_outBuffer out{&byte, 1, 0};
      const size_t result = ZSTD_decompressStream(context_, &out, &in_);
      if (ZSTD_isError(result)) return fault_of(result);
      is_in_frame_ = result != 0;
      passed += out.pos;
    }
    return InflateOutcome::kOk;
  }

  // Java and librdkafka write no content size.
  size_t likely_size() const { return std::max(in_.size * kLikelyRatio, kLeastRoom); }

  // All that follows.
  InflateOutcome read_whole(size_t most, InflateSink& sink) {
    const auto* const next = static_cast<const uint8_t*>(in_.src) + in_.pos;
    for (size_t guess = std::min(likely_size(), most);; guess = std::min(guess * 3, most)) {
      const InflateOutcome outcome = sink.make_room(std::max<size_t>(guess, 1));
      if (outcome != InflateOutcome::kOk) return outcome;
      guess = std::min(sink.out.room(), most);
      const size_t size =
          ZSTD_decompressDCtx(context_, sink.out.end(), guess, next, in_.size - in_.pos);
      if (!ZSTD_isError(size)) {
        sink.out.grow(size);
        is_at_end_ = true;
        return InflateOutcome::kOk;
      }
      if (ZSTD_getErrorCode(size) != ZSTD_error_dstSize_tooSmall) return fault_of(size);
      if (guess == most) return InflateOutcome::kTooLarge;
    }
  }

  InflateOutcome read_piece(InflateSink& sink) {
    const size_t least = std::min(kLeastRoom, sink.missing());
    if (const auto taken = sink.make_room(least); taken != InflateOutcome::kOk) return taken;
    const size_t most = is_damaged_ ? 1 : sink.missing();
    ZSTD_outBuffer out{sink.out.end(), std::min(sink.out.room(), most), 0};
    const size_t result = ZSTD_decompressStream(context_, &out, &in_);
    if (ZSTD_isError(result)) return fault_of(result);
    sink.out.grow(out.pos);
    given_ += out.pos;
    ring_.touch(given_ + ZSTD_BLOCKSIZE_MAX);
    const bool has_read_all = in_.pos == in_.size;
    is_in_frame_ = result != 0;
    is_at_end_ = !is_in_frame_ && has_read_all;
    const bool is_truncated = is_in_frame_ && has_read_all && out.pos < out.size;
    return is_truncated ? InflateOutcome::kCorrupt : InflateOutcome::kOk;
  }

  static InflateOutcome fault_of(size_t result) {
    switch (ZSTD_getErrorCode(result)) {
      case ZSTD_error_memory_allocation:
        return InflateOutcome::kNoMemory;
      case ZSTD_error_dictionary_wrong:
        return InflateOutcome::kUnsupported;
      default:
        return InflateOutcome::kCorrupt;
    }
  }

  Ring ring_;
  ZSTD_DCtx* context_ = nullptr;
  ZSTD_inBuffer in_{};
  size_t given_ = 0;
  bool is_in_frame_ = false;
  bool is_at_end_ = false;
  bool is_damaged_ = false;
};

}  // namespace

std::unique_ptr<InflateCodec> make_zstd_codec() {
  std::unique_ptr<ZstdCodec> codec(new (std::nothrow) ZstdCodec);
  if (codec == nullptr || !codec->init()) return nullptr;
  return codec;
}

size_t mapped_codec_bytes() { return mapped_bytes.load(std::memory_order_relaxed); }

}  // namespace tidemark
