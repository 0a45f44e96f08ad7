#include "token/token.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include "errors.h"
#include "log/crc32c.h"
#include "log/varint.h"
#include "token/base64url.h"
#include "token/bit_stream.h"

// A token is "tm", the version, ".", and in base64url
//
//   flags, [cutoff], lowest merge key, the sources with their topics     bytes and varints
//   the shift of each of the six columns                                 a byte each
//   of each partition, in order: a number of each column                 a BitStream
//   the checksum of all that, the version included                       CRC-32C, big-endian

namespace tidemark {
namespace {

constexpr int kVersion = 1;
const std::string kPrefix = "tm" + std::to_string(kVersion) + ".";
constexpr size_t kChecksumBytes = 4;
constexpr size_t kIdBytes = 16;
// Of its text: a hundred thousand partitions take less. One that claims more than it has takes no
// more memory than some hundred MB.
constexpr size_t kMostText = 4 * 1024 * 1024;
constexpr int64_t kMostCutoff = 8'640'000'000'000'000;  // epoch ms: what a Date can hold

enum Flag : uint8_t {
  kIsLive = 1,
  kIsReadCommitted = 2,
  kFailsOnLateRecord = 4,
  kHasCutoff = 8,
  kAllFlags = 15,
};

// Of each partition, in this order.
enum Column {
  kGap,        // partition numbers left out before it
  kNext,       // offset
  kRemaining,  // offsets of the replay that are left
  kMergeKey,   // 0: the smallest there is; else how far above the lowest of the others, and one
  kEpoch,      // plus one
  kStartTime,  // as the merge key
  kColumns,
};
using Row = std::array<uint64_t, kColumns>;

template <typename Visit>
void for_each_partition(const Token& token, Visit visit) {
  for (const Token::Source& source : token.sources) {
    for (const Token::Topic& topic : source.topics) {
      int64_t expected = 0;
      for (const Token::Partition& partition : topic.partitions) {
        visit(partition, expected);
        expected = int64_t{partition.partition} + 1;
      }
    }
  }
}

// Of merge keys and start times, of which neither is the smallest number when there is one.
int64_t lowest_key(const Token& token) {
  static_assert(kNoStartTime == kSmallestMergeKey);
  int64_t lowest = std::numeric_limits<int64_t>::max();
  for_each_partition(token, [&](const Token::Partition& partition, int64_t) {
    for (const int64_t key : {partition.frontier.merge_key, partition.frontier.start_time})
      if (key != kSmallestMergeKey) lowest = std::min(lowest, key);
  });
  return lowest;
}

uint64_t above(int64_t lowest, int64_t key) {
  if (key == kSmallestMergeKey) return 0;
  return static_cast<uint64_t>(key) - static_cast<uint64_t>(lowest) + 1;
}

int64_t key_of(int64_t lowest, uint64_t above) {
  if (above == 0) return kSmallestMergeKey;
  return static_cast<int64_t>(static_cast<uint64_t>(lowest) + above - 1);
}

Row row_of(const Token::Partition& partition, int64_t expected, int64_t lowest) {
  const auto u = [](int64_t value) { return static_cast<uint64_t>(value); };
  const Frontier& frontier = partition.frontier;
  return {u(partition.partition - expected),
          u(frontier.next_offset),
          u(partition.end_offset - frontier.next_offset),
          above(lowest, frontier.merge_key),
          u(int64_t{frontier.leader_epoch} + 1),
          above(lowest, frontier.start_time)};
}

// False: no partition is written so.
bool take_row(const Row& row, int64_t* expected, int64_t lowest, Token::Partition* partition) {
  constexpr auto kLargest = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  constexpr auto kLargest32 = static_cast<uint64_t>(std::numeric_limits<int32_t>::max());
  if (row[kGap] > kLargest32 || row[kEpoch] > kLargest32 + 1 || row[kNext] > kLargest ||
      row[kRemaining] > kLargest - row[kNext])
    return false;
  const int64_t number = *expected + static_cast<int64_t>(row[kGap]);
  if (number > static_cast<int64_t>(kLargest32)) return false;
  *expected = number + 1;
  partition->partition = static_cast<int32_t>(number);
  partition->frontier.next_offset = static_cast<int64_t>(row[kNext]);
  partition->end_offset = static_cast<int64_t>(row[kNext] + row[kRemaining]);
  partition->frontier.leader_epoch = static_cast<int32_t>(static_cast<int64_t>(row[kEpoch]) - 1);
  partition->frontier.merge_key = key_of(lowest, row[kMergeKey]);
  partition->frontier.start_time = key_of(lowest, row[kStartTime]);
  return true;
}

void append_varint(std::string& bytes, int64_t value) {
  uint8_t varint[kLongestVarint];
  bytes.append(varint, write_varint(varint, value));
}

void append_text(std::string& bytes, const std::string& text) {
  append_varint(bytes, static_cast<int64_t>(text.size()));
  bytes += text;
}

void append_fixed(std::string& bytes, uint64_t value, size_t size) {
  while (size-- > 0)
    bytes.push_back(static_cast<char>(value >> (8 * size) & 0xff));
}

uint32_t checksum_of(const std::string& bytes, size_t size) {
  const auto u8 = [](const std::string& text) {
    return reinterpret_cast<const uint8_t*>(text.data());
  };
  return crc32c(u8(bytes), size, crc32c(u8(kPrefix), kPrefix.size()));
}

void append_outline(std::string& bytes, const Token& token, int64_t lowest) {
  const bool has_cutoff = token.cutoff != kNoCutoff;
  const int flags =
      (token.phase == Phase::kLive ? kIsLive : 0) | (token.read_committed ? kIsReadCommitted : 0) |
      (token.fail_on_late_record ? kFailsOnLateRecord : 0) | (has_cutoff ? kHasCutoff : 0);
  bytes.push_back(static_cast<char>(flags));
  if (has_cutoff) append_varint(bytes, token.cutoff);
  append_varint(bytes, lowest);
  append_varint(bytes, static_cast<int64_t>(token.sources.size()));
  for (const Token::Source& source : token.sources) {
    append_text(bytes, source.name);
    append_text(bytes, source.cluster_id);
    append_varint(bytes, static_cast<int64_t>(source.topics.size()));
    for (const Token::Topic& topic : source.topics) {
      append_text(bytes, topic.name);
      append_varint(bytes, topic.id == kNoTopicId ? 0 : 1);
      if (topic.id != kNoTopicId) {
        append_fixed(bytes, static_cast<uint64_t>(topic.id.first), kIdBytes / 2);
        append_fixed(bytes, static_cast<uint64_t>(topic.id.second), kIdBytes / 2);
      }
      append_varint(bytes, static_cast<int64_t>(topic.partitions.size()));
    }
  }
}

// Reads what append_outline() writes. Once something does not parse, all that follows is empty.
class OutlineReader {
 public:
  OutlineReader(const uint8_t* begin, const uint8_t* end) : cursor_(begin), end_(end) {}

  bool read(Token* token, int64_t* lowest) {
    const int flags = byte();
    token->phase = flags & kIsLive ? Phase::kLive : Phase::kReplay;
    token->read_committed = flags & kIsReadCommitted;
    token->fail_on_late_record = flags & kFailsOnLateRecord;
    token->cutoff = flags & kHasCutoff ? cutoff() : kNoCutoff;
    *lowest = varint();
    for (size_t sources = count(); sources > 0 && !is_broken_; --sources) {
      Token::Source& source = token->sources.emplace_back();
      source.name = text();
      source.cluster_id = text();
      for (size_t topics = count(); topics > 0 && !is_broken_; --topics) {
        Token::Topic& topic = source.topics.emplace_back();
        topic.name = text();
        if (count_or_none() > 0) {
          topic.id.first = fixed(kIdBytes / 2);
          topic.id.second = fixed(kIdBytes / 2);
        }
        topic.partitions.resize(partition_count());
      }
    }
    return !is_broken_ && (flags & ~kAllFlags) == 0;
  }
  const uint8_t* cursor() const { return cursor_; }

 private:
  size_t left() const { return static_cast<size_t>(end_ - cursor_); }
  void stop() {
    is_broken_ = true;
    cursor_ = end_;
  }
  int byte() {
    if (left() > 0) return *cursor_++;
    stop();
    return 0;
  }
  int64_t varint() {
    int64_t value = 0;
    const uint8_t* const behind = read_varint(cursor_, end_, &value);
    if (behind != nullptr) {
      cursor_ = behind;
      return value;
    }
    stop();
    return 0;
  }
  int64_t cutoff() {
    const int64_t value = varint();
    if (value < -kMostCutoff || value > kMostCutoff) stop();
    return value;
  }
  // What is counted takes a byte each at least.
  size_t count_or_none() {
    const int64_t value = varint();
    if (value >= 0 && static_cast<uint64_t>(value) <= left()) return static_cast<size_t>(value);
    stop();
    return 0;
  }
  size_t count() {
    const size_t value = count_or_none();
    if (value == 0) stop();
    return value;
  }
  // A partition takes a bit of each column at least.
  size_t partition_count() {
    const int64_t value = varint();
    partitions_ += value > 0 ? static_cast<uint64_t>(value) : 0;
    const uint64_t most = left() * 8 / kColumns;
    if (value > 0 && static_cast<uint64_t>(value) <= most && partitions_ <= most)
      return static_cast<size_t>(value);
    stop();
    return 0;
  }
  std::string text() {
    const size_t size = count_or_none();
    std::string value(reinterpret_cast<const char*>(cursor_), size);
    cursor_ += size;
    return value;
  }
  int64_t fixed(size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<uint64_t>(byte());
    return static_cast<int64_t>(value);
  }

  const uint8_t* cursor_;
  const uint8_t* const end_;
  uint64_t partitions_ = 0;
  bool is_broken_ = false;
};

bool read_partitions(const uint8_t* begin, const uint8_t* end, int64_t lowest, Token* token) {
  std::array<int, kColumns> shifts;
  for (int& shift : shifts) {
    if (begin == end || *begin > kMostShift) return false;
    shift = *begin++;
  }
  BitReader reader(begin, end);
  for (Token::Source& source : token->sources) {
    for (Token::Topic& topic : source.topics) {
      int64_t expected = 0;
      for (Token::Partition& partition : topic.partitions) {
        Row row;
        for (size_t column = 0; column < kColumns; ++column) {
          if (!reader.read(shifts[column], &row[column])) return false;
        }
        if (!take_row(row, &expected, lowest, &partition)) return false;
      }
    }
  }
  return reader.is_at_end();
}

// The first in [begin, end) whose name is not before `name`, if it is that one.
template <typename Named>
const Named* find_name(const std::vector<Named>& sorted, const std::string& name) {
  const auto found = std::lower_bound(
      sorted.begin(), sorted.end(), name,
      [](const Named& one, const std::string& wanted) { return one.name < wanted; });
  return found != sorted.end() && found->name == name ? &*found : nullptr;
}

template <typename Named>
bool is_sorted_by_name(const std::vector<Named>& all) {
  return std::adjacent_find(all.begin(), all.end(), [](const Named& a, const Named& b) {
           return a.name >= b.name;
         }) == all.end();
}

bool is_sorted(const Token& token) {
  return is_sorted_by_name(token.sources) &&
         std::all_of(token.sources.begin(), token.sources.end(),
                     [](const Token::Source& source) { return is_sorted_by_name(source.topics); });
}

// The version of what may be a token; 0 where it is none.
int version_of(const std::string& text) {
  const size_t dot = text.find('.');
  if (text.compare(0, 2, "tm") != 0 || dot == std::string::npos || dot < 3 || dot > 6) return 0;
  int version = 0;
  for (size_t i = 2; i < dot; ++i) {
    if (text[i] < '0' || text[i] > '9') return 0;
    version = version * 10 + (text[i] - '0');
  }
  return version;
}

}  // namespace

const Token::Partition* Token::Topic::find(int32_t partition) const {
  const auto found =
      std::lower_bound(partitions.begin(), partitions.end(), partition,
                       [](const Partition& one, int32_t wanted) { return one.partition < wanted; });
  return found != partitions.end() && found->partition == partition ? &*found : nullptr;
}

const Token::Topic* Token::Source::find(const std::string& topic) const {
  return find_name(topics, topic);
}

const Token::Source* Token::find(const std::string& source) const {
  return find_name(sources, source);
}

std::string write_token(const Token& token) {
  const int64_t lowest = lowest_key(token);
  std::string bytes;
  append_outline(bytes, token, lowest);
  std::array<std::vector<uint64_t>, kColumns> columns;
  for_each_partition(token, [&](const Token::Partition& partition, int64_t expected) {
    const Row row = row_of(partition, expected, lowest);
    for (size_t column = 0; column < kColumns; ++column)
      columns[column].push_back(row[column]);
  });
  std::array<int, kColumns> shifts;
  for (size_t column = 0; column < kColumns; ++column) {
    shifts[column] = best_shift(columns[column]);
    bytes.push_back(static_cast<char>(shifts[column]));
  }
  BitWriter writer(bytes);
  for (size_t i = 0; i < columns[0].size(); ++i) {
    for (size_t column = 0; column < kColumns; ++column)
      writer.write(columns[column][i], shifts[column]);
  }
  append_fixed(bytes, checksum_of(bytes, bytes.size()), kChecksumBytes);
  return kPrefix + to_base64url(bytes);
}

Status read_token(const std::string& text, Token* token) {
  const int version = version_of(text);
  if (version > kVersion) return token_too_new(version, kVersion);
  if (text.size() > kMostText) return token_damaged("it is longer than any");
  if (text.compare(0, kPrefix.size(), kPrefix) != 0)
    return token_damaged("it does not begin as one");
  std::string bytes;
  if (!from_base64url(text.data() + kPrefix.size(), text.size() - kPrefix.size(), &bytes))
    return token_damaged("a character in it is none of a token's");
  if (bytes.size() < kChecksumBytes) return token_damaged("it is cut off");
  const size_t size = bytes.size() - kChecksumBytes;
  std::string checksum;
  append_fixed(checksum, checksum_of(bytes, size), kChecksumBytes);
  if (bytes.compare(size, kChecksumBytes, checksum) != 0)
    return token_damaged("its checksum is wrong");
  const auto* const begin = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* const end = begin + size;
  OutlineReader outline(begin, end);
  int64_t lowest = 0;
  Token read;
  // What is right and yet not as write_token() writes it, was not written by it.
  if (!outline.read(&read, &lowest) || !read_partitions(outline.cursor(), end, lowest, &read) ||
      !is_sorted(read) || write_token(read) != text)
    return token_damaged("its checksum is right, but its content is that of no token");
  *token = std::move(read);
  return Status();
}

}  // namespace tidemark
