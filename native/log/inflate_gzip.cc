#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "log/inflate_codec.h"

namespace tidemark {
namespace {

constexpr size_t kLeastRoom = 64 * 1024;
constexpr size_t kState = 7'200, kWindow = 32 * 1024;  // zlib's; the window from its first stop on

// Java reads on behind the end of a member, as gzip does; no producer writes two.
class GzipCodec final : public InflateCodec {
 public:
  ~GzipCodec() override { inflateEnd(&stream_); }

  bool init() {
    constexpr int kGzipOrZlib = 15 + 32;
    stream_.zalloc = take;
    stream_.zfree = give_back;
    return inflateInit2(&stream_, kGzipOrZlib) == Z_OK;
  }

  void open(const uint8_t* bytes, size_t size) override {
    inflateReset(&stream_);
    stream_.next_in = const_cast<uint8_t*>(bytes);  // it changes nothing there
    stream_.avail_in = static_cast<uInt>(size);
    is_at_end_ = false;
  }

  InflateOutcome read(InflateSink& sink) override {
    while (!sink.has_enough() && !is_at_end_) {
      const size_t least = std::min(kLeastRoom, sink.missing());
      if (const auto room = sink.make_room(least); room != InflateOutcome::kOk) return room;
      const size_t next = std::min({sink.out.room(), sink.missing(), size_t{1} << 30});
      stream_.next_out = sink.out.end();
      stream_.avail_out = static_cast<uInt>(next);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      sink.out.grow(next - stream_.avail_out);
      is_at_end_ = result == Z_STREAM_END;
      if (is_at_end_) break;
      if (result == Z_MEM_ERROR) return InflateOutcome::kNoMemory;
      const bool is_truncated = stream_.avail_in == 0 && stream_.avail_out > 0;
      if (result != Z_OK || is_truncated) return InflateOutcome::kCorrupt;
    }
    return InflateOutcome::kOk;
  }

  bool is_at_end() const override { return is_at_end_; }
  size_t bytes() const override { return sizeof(*this) + kState + kWindow; }

 private:
  // zlib copies 32 KB into its window at the end of each read: to a whole cache line, since
  // elsewhere some processors copy at a quarter of their speed (rep movsb), a tenth of the time of
  // a read.
  static void* take(void* /*opaque*/, unsigned count, unsigned size) {
    constexpr size_t kLine = 64;
    const size_t bytes = size_t{count} * size;
    return std::aligned_alloc(kLine, (bytes + kLine - 1) / kLine * kLine);
  }
  static void give_back(void* /*opaque*/, void* address) { std::free(address); }

  z_stream stream_{};
  bool is_at_end_ = false;
};

}  // namespace

std::unique_ptr<InflateCodec> make_gzip_codec() {
  std::unique_ptr<GzipCodec> codec(new (std::nothrow) GzipCodec);
  if (codec == nullptr || !codec->init()) return nullptr;
  return codec;
}

}  // namespace tidemark
