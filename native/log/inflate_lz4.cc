#include <librdkafka/lz4.h>
#define XXH_STATIC_LINKING_ONLY  // its state's size
#include <librdkafka/rdxxhash.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "log/inflate_codec.h"

namespace tidemark {
namespace {

constexpr uint32_t kFrameMagic = 0x184d2204, kSkippableMagic = 0x184d2a50;
constexpr size_t kWord = 4;                 // a magic, a block's header, a checksum
constexpr size_t kLeastHeader = kWord + 3;  // two bytes of flags, and the header's checksum
constexpr size_t kHistory = 64 * 1024;      // what the format can refer back to
constexpr uint32_t kIsStored = 0x80000000;  // in a block's header: it is not compressed
constexpr size_t kMostRatio = 255;

uint32_t read_le32(const uint8_t* bytes) {
  return bytes[0] | static_cast<uint32_t>(bytes[1]) << 8 | static_cast<uint32_t>(bytes[2]) << 16 |
         static_cast<uint32_t>(bytes[3]) << 24;
}

const char* chars(const uint8_t* bytes) { return reinterpret_cast<const char*>(bytes); }

// What linked blocks of the frame refer to, where a read ended behind it.
class Lz4History {
 public:
  bool is_empty() const { return size_ == 0; }
  const uint8_t* data() const { return block_->bytes; }
  size_t size() const { return size_; }
  size_t bytes() const { return block_ != nullptr ? kHistory : 0; }
  void clear() { size_ = 0; }

  bool append(const uint8_t* bytes, size_t size) {
    if (block_ == nullptr) block_.reset(new (std::nothrow) Block);
    if (block_ == nullptr) return false;
    uint8_t* const to = block_->bytes;
    const size_t added = std::min(size, kHistory);
    const size_t kept = std::min(size_, kHistory - added);
    std::memmove(to, to + size_ - kept, kept);
    std::memcpy(to + kept, bytes + size - added, added);
    size_ = kept + added;
    return true;
  }

 private:
  // A whole cache line: elsewhere some processors copy at a quarter of their speed (rep movsb).
  struct alignas(64) Block {
    uint8_t bytes[kHistory];
  };
  std::unique_ptr<Block> block_;
  size_t size_ = 0;
};

// Its frames are read here, block by block: LZ4F takes two buffers of the largest block that the
// header allows, 8 MB, and copies. One frame, or a skippable one, with nothing behind it, as
// librdkafka takes it.
class Lz4Codec final : public InflateCodec {
 public:
  void open(const uint8_t* bytes, size_t size) override {
    next_ = bytes;
    end_ = bytes + size;
    history_.clear();
    is_at_begin_ = true;
    is_at_end_ = false;
    given_ = 0;
  }

  InflateOutcome read(InflateSink& sink) override {
    remembered_ = 0;
    if (is_at_begin_) {
      const InflateOutcome outcome = read_header();
      if (outcome != InflateOutcome::kOk) return outcome;
      is_at_begin_ = false;
    }
    while (!is_at_end_) {
      if (left() < kWord) return InflateOutcome::kCorrupt;
      const uint32_t header = read_le32(next_);
      if (header != 0 && sink.has_enough()) break;
      next_ += kWord;
      const InflateOutcome outcome = header == 0 ? read_end() : read_block(header, sink);
      if (outcome != InflateOutcome::kOk) return outcome;
    }
    return is_at_end_ || remember(sink) ? InflateOutcome::kOk : InflateOutcome::kNoMemory;
  }

  bool is_at_end() const override { return is_at_end_; }
  size_t bytes() const override { return sizeof(*this) + history_.bytes(); }

 private:
  size_t left() const { return static_cast<size_t>(end_ - next_); }

  InflateOutcome read_header() {
    if (left() < kLeastHeader) return InflateOutcome::kCorrupt;
    const uint32_t magic = read_le32(next_);
    if ((magic & ~0xfu) == kSkippableMagic) {
      is_at_end_ = left() >= 2 * kWord && left() - 2 * kWord == read_le32(next_ + kWord);
      return is_at_end_ ? InflateOutcome::kOk : InflateOutcome::kCorrupt;
    }
    const unsigned flags = next_[kWord], sizes = next_[kWord + 1], block_size = sizes >> 4;
    const bool has_size = flags >> 3 & 1, has_dictionary = flags & 1;
    const size_t size = kLeastHeader + (has_size ? 8 : 0) + (has_dictionary ? 4 : 0);
    const bool is_sound = magic == kFrameMagic && flags >> 6 == 1 && (flags & 2) == 0 &&
                          (sizes & 0x8f) == 0 && block_size >= 4 && left() >= size;
    if (!is_sound) return InflateOutcome::kCorrupt;
    const uint32_t checksum = XXH32(next_ + kWord, size - kWord - 1, 0);
    if ((checksum >> 8 & 0xff) != next_[size - 1]) return InflateOutcome::kCorrupt;
    if (has_dictionary) return InflateOutcome::kUnsupported;
    is_linked_ = (flags >> 5 & 1) == 0;
    has_block_checksums_ = flags >> 4 & 1;
    has_checksum_ = flags >> 2 & 1;
    most_block_ = size_t{1} << (8 + 2 * block_size);
    const uint8_t* const content = next_ + kWord + 2;
    content_size_ = has_size ? read_le32(content) | uint64_t{read_le32(content + 4)} << 32 : 0;
    if (has_checksum_) XXH32_reset(&checksum_, 0);
    next_ += size;
    return InflateOutcome::kOk;
  }

  // A size of 0 is none, as in LZ4F.
  InflateOutcome read_end() {
    if (content_size_ != 0 && content_size_ != given_) return InflateOutcome::kCorrupt;
    if (left() != (has_checksum_ ? kWord : 0)) return InflateOutcome::kCorrupt;
    if (has_checksum_ && read_le32(next_) != XXH32_digest(&checksum_))
      return InflateOutcome::kCorrupt;
    is_at_end_ = true;
    return InflateOutcome::kOk;
  }

  InflateOutcome read_block(uint32_t header, InflateSink& sink) {
    const size_t size = header & ~kIsStored, checksum = has_block_checksums_ ? kWord : 0;
    if (size > most_block_ || size + checksum > left()) return InflateOutcome::kCorrupt;
    if (has_block_checksums_ && XXH32(next_, size, 0) != read_le32(next_ + size))
      return InflateOutcome::kCorrupt;
    const size_t before = sink.given();
    const InflateOutcome outcome =
        (header & kIsStored) != 0 ? copy(size, sink) : decompress(size, sink);
    if (outcome != InflateOutcome::kOk) return outcome;
    if (sink.given() > sink.most) return InflateOutcome::kTooLarge;
    const size_t given = sink.given() - before;
    if (has_checksum_) XXH32_update(&checksum_, sink.out.end() - given, given);
    given_ += given;
    next_ += size + checksum;
    return InflateOutcome::kOk;
  }

  InflateOutcome copy(size_t size, InflateSink& sink) const {
    const InflateOutcome room = sink.make_room(size);
    if (room != InflateOutcome::kOk) return room;
    if (size > 0) std::memcpy(sink.out.end(), next_, size);
    sink.out.grow(size);
    return InflateOutcome::kOk;
  }

  // Go's blocks are of 4 MiB, most of which never comes: first a likely ratio is tried.
  InflateOutcome decompress(size_t size, InflateSink& sink) {
    const size_t most = std::min(most_block_, size * kMostRatio);
    for (size_t room = std::min(most, std::max(kHistory, size * 8));;
         room = std::min(most, room * 8)) {
      const InflateOutcome outcome = sink.make_room(room);
      if (outcome != InflateOutcome::kOk) return outcome;
      room = std::min(most, sink.out.room());
      const int given = decompress_into(room, size, sink);
      if (given == kNoHistory) return InflateOutcome::kNoMemory;
      if (given >= 0) {
        sink.out.grow(static_cast<size_t>(given));
        return InflateOutcome::kOk;
      }
      if (room == most) return InflateOutcome::kCorrupt;
    }
  }

  int decompress_into(size_t room, size_t size, InflateSink& sink) {
    const char* const in = chars(next_);
    char* const out = reinterpret_cast<char*>(sink.out.end());
    const int in_size = static_cast<int>(size), out_size = static_cast<int>(room);
    if (!is_linked_) return LZ4_decompress_safe(in, out, in_size, out_size);
    if (history_.is_empty() || sink.given() >= kHistory) {
      const size_t seen = std::min(sink.given(), kHistory);
      return LZ4_decompress_safe_usingDict(in, out, in_size, out_size, out - seen,
                                           static_cast<int>(seen));
    }
    if (!remember(sink)) return kNoHistory;
    return LZ4_decompress_safe_usingDict(in, out, in_size, out_size, chars(history_.data()),
                                         static_cast<int>(history_.size()));
  }

  // What the read has given so far. False: there is no memory.
  bool remember(const InflateSink& sink) {
    const size_t fresh = sink.given() - remembered_;
    if (!is_linked_ || fresh == 0) return true;
    remembered_ = sink.given();
    return history_.append(sink.out.data() + sink.out.size() - fresh, fresh);
  }

  static constexpr int kNoHistory = INT32_MIN;

  const uint8_t* next_ = nullptr;
  const uint8_t* end_ = nullptr;
  Lz4History history_;
  size_t remembered_ = 0;  // of what the read that is under way has given
  XXH32_state_t checksum_{};
  uint64_t given_ = 0;
  uint64_t content_size_ = 0;
  size_t most_block_ = 0;
  bool is_linked_ = false;
  bool has_block_checksums_ = false;
  bool has_checksum_ = false;
  bool is_at_begin_ = true;
  bool is_at_end_ = false;
};

}  // namespace

std::unique_ptr<InflateCodec> make_lz4_codec() {
  return std::unique_ptr<InflateCodec>(new (std::nothrow) Lz4Codec);
}

}  // namespace tidemark
