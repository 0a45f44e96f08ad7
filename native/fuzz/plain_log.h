// PlainLog: what a folder of log segments gives a reader, as docs/api.md says it, from all bytes at
// once and with no thought for speed: what the reader of segments is held against.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz/plain_codecs.h"
#include "fuzz/plain_decoder.h"
#include "status.h"
#include "test_support/plain_segment.h"

namespace tidemark::testing {

struct PlainSegment {
  int64_t base_offset;
  std::string bytes;
};

struct PlainRead {
  struct Batch {
    RecordBatchKind kind;
    int64_t base_offset, last_offset;
    std::string records;
  };
  std::vector<Batch> batches;  // the good ones in front of the end or the fault
  std::optional<int64_t> end;  // where there is no fault
  std::set<ErrorCode> faults;  // what may be said of the fault
};

class PlainLog {
 public:
  PlainLog(std::vector<PlainSegment> segments, bool read_committed)
      : segments_(std::move(segments)), read_committed_(read_committed) {
    for (size_t i = 0; i < segments_.size(); ++i)
      walks_.push_back(walk(i));
    look_at_end();
    if (read_committed_) look_for_transactions();
  }

  PlainRead read(int64_t start) const {
    PlainRead read;
    size_t first = 0;
    while (first + 1 < segments_.size() && segments_[first + 1].base_offset <= start)
      ++first;
    for (size_t i = first; i < segments_.size(); ++i) {
      for (const Found& found : walks_[i].batches) {
        if (i == first && read.batches.empty() && found.batch.last_offset() < start) continue;
        if (first_open_ && found.batch.base_offset >= *first_open_) {
          if (behind_open_.empty()) {
            read.end = first_open_;
          } else {
            read.faults = behind_open_;
          }
          return read;
        }
        read.faults = take(found, read);
        if (!read.faults.empty()) return read;
      }
      if (walks_[i].fault.empty()) continue;
      read.faults = walks_[i].fault;
      // What is wrong behind an open transaction may be told as that, too.
      read.faults.insert(behind_open_.begin(), behind_open_.end());
      return read;
    }
    read.end = first_open_.value_or(end_);
    return read;
  }

 private:
  struct Found {
    PlainBatch batch;
    size_t at, bytes;
  };
  struct Walk {
    std::vector<Found> batches;
    size_t at = 0;              // behind them
    std::set<ErrorCode> fault;  // of what is there; none at the end
  };
  struct Aborted {
    int64_t producer_id, first, last;
  };
  static constexpr size_t kHeader = 61;
  static constexpr size_t kCommon = 17;  // of it, in all formats
  static constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();

  // The header, and the records that are there. What is cut off of it reads as zeros.
  static PlainBatch parse(std::string bytes) {
    if (bytes.size() < kHeader) bytes.resize(kHeader, '\0');
    PlainBytes from(bytes);
    PlainBatch batch = read_plain_header(from);
    if (batch.magic != 2) return batch;
    const size_t end = 12 + static_cast<size_t>(std::max(batch.length, 0));
    if (end < kHeader || end > bytes.size()) return batch;
    batch.records = bytes.substr(kHeader, end - kHeader);
    batch.computed_crc = plain_crc32c(bytes.substr(21, end - 21));
    return batch;
  }

  static bool has_good_header(const PlainBatch& batch) {
    return batch.length >= (batch.magic == 2 ? static_cast<int>(kHeader) - 12 : 14) &&
           batch.base_offset >= 0 && batch.last_offset_delta >= 0 &&
           batch.base_offset < kLargest - batch.last_offset_delta;
  }

  Walk walk(size_t index) const {
    const std::string& bytes = segments_[index].bytes;
    const int64_t limit =
        index + 1 < segments_.size() ? segments_[index + 1].base_offset : kLargest;
    Walk walk;
    int64_t next = segments_[index].base_offset;
    while (walk.at < bytes.size()) {
      const std::string rest = bytes.substr(walk.at);
      walk.fault = {ErrorCode::kCorruptRecordBatch};
      if (rest.size() < kCommon) return walk;
      PlainBatch batch = parse(rest);
      if (batch.magic < 0 || batch.magic > 2) walk.fault = {ErrorCode::kUnsupportedFormat};
      if (!has_good_header(batch)) return walk;
      const size_t size = 12 + static_cast<size_t>(batch.length);
      if (size > rest.size()) return walk;
      const bool is_in_order = batch.base_offset >= next && batch.last_offset() < limit;
      if (!is_in_order && batch.magic >= 0 && batch.magic <= 2)
        walk.fault = {ErrorCode::kOffsetStepBack};
      if (!is_in_order) return walk;
      next = batch.last_offset() + 1;
      walk.batches.push_back({std::move(batch), walk.at, size});
      walk.at += size;
      walk.fault.clear();
    }
    return walk;
  }

  // The last segment may end in a batch that was not written to its end, or in zeros.
  void look_at_end() {
    Walk& last = walks_.back();
    end_ = segments_.back().base_offset;
    for (const Walk& walk : walks_) {
      for (const Found& found : walk.batches)
        end_ = std::max(end_, found.batch.last_offset() + 1);
    }
    const std::string rest = segments_.back().bytes.substr(last.at);
    if (last.fault.empty()) return;
    if (rest.size() < kCommon || is_torn_end(rest) ||
        (rest.substr(8, 4) == std::string(4, '\0') &&
         rest.find_first_not_of('\0') == std::string::npos))
      last.fault.clear();
  }

  static bool is_torn_end(const std::string& rest) {
    const PlainBatch torn = parse(rest);
    if (torn.magic < 0 || torn.magic > 2 || !has_good_header(torn)) return false;
    if (12 + static_cast<size_t>(torn.length) <= rest.size()) return false;
    if (torn.length > 100'000'000 - 12) return false;
    for (size_t at = 0; at + kHeader <= rest.size(); ++at) {
      if (rest[at + 16] != 2) continue;
      const PlainBatch next = parse(rest.substr(at));
      if (!has_good_header(next) || next.base_offset <= torn.base_offset) continue;
      if (next.base_offset - torn.base_offset > std::numeric_limits<int32_t>::max()) continue;
      if (12 + static_cast<size_t>(next.length) > rest.size() - at) continue;
      if (next.crc == next.computed_crc) return false;
    }
    return true;
  }

  static bool is_transactional(const PlainBatch& batch) { return (batch.attributes & 16) != 0; }
  static bool is_control(const PlainBatch& batch) { return (batch.attributes & 32) != 0; }

  // The records of a batch whose bytes are all there, or what is wrong with them.
  static std::set<ErrorCode> open(const PlainBatch& batch, std::string* records) {
    const int codec = batch.attributes & 7;
    if (batch.crc != batch.computed_crc) return {ErrorCode::kCorruptRecordBatch};
    *records = batch.records;
    if (codec == 0 || batch.records.empty()) return {};
    if (codec > 4) return {ErrorCode::kUnsupportedFormat};
    const Inflated plain = inflate_plainly(static_cast<Codec>(codec), batch.records, 1 << 20);
    // What inflates to nothing has no records, and Kafka writes none.
    *records = plain.bytes;
    if (plain.is_good || plain.is_nothing) return {};
    return {ErrorCode::kCorruptRecordBatch, ErrorCode::kRecordTooLarge};
  }

  enum class Marker : uint8_t { kNone, kAbort, kCommit, kFault };

  static Marker marker_of(const PlainBatch& batch, std::set<ErrorCode>* faults) {
    std::string records;
    *faults = open(batch, &records);
    if (!faults->empty()) return Marker::kFault;
    RecordBatch opened = batch.batch();
    opened.records = records.empty() ? nullptr : reinterpret_cast<const uint8_t*>(records.data());
    opened.size = records.size();
    const PlainRecords decoded = decode_plainly(opened);
    Marker marker = Marker::kNone;
    bool is_good = decoded.good;
    for (const PlainRecord& record : decoded.records) {
      if (!record.key || record.key->size() < 4) is_good = false;
      if (!is_good || marker != Marker::kNone) continue;
      const std::string kind = record.key->substr(2, 2);
      if (kind == std::string(2, '\0')) marker = Marker::kAbort;
      if (kind == std::string("\0\1", 2)) marker = Marker::kCommit;
    }
    if (is_good) return marker;
    *faults = {ErrorCode::kCorruptRecordBatch};
    return Marker::kFault;
  }

  // Whether what cannot be read there may be, or hide, a marker: of any producer.
  static bool may_hide_marker(const Found& found) {
    std::set<ErrorCode> faults;
    if (found.batch.magic != 2) return true;
    if (is_control(found.batch)) return marker_of(found.batch, &faults) == Marker::kFault;
    return found.bytes <= 256 && found.batch.crc != found.batch.computed_crc;
  }

  void look_for_transactions() {
    std::map<int64_t, int64_t> open;
    const auto first_open = [&open] {
      std::optional<int64_t> first;
      for (const auto& [id, offset] : open)
        first = std::min(first.value_or(offset), offset);
      return first;
    };
    std::set<ErrorCode> faults;
    for (const Walk& walk : walks_) {
      for (const Found& found : walk.batches) {
        const PlainBatch& batch = found.batch;
        if (!first_open_ && may_hide_marker(found)) first_open_ = first_open();
        if (!is_transactional(batch)) continue;
        const int64_t id = batch.producer_id;
        if (!is_control(batch)) {
          if (batch.record_count > 0) open.emplace(id, batch.base_offset);
          continue;
        }
        const Marker marker = marker_of(batch, &faults);
        if (open.count(id) == 0 || (marker != Marker::kAbort && marker != Marker::kCommit))
          continue;
        if (marker == Marker::kAbort) aborted_.push_back({id, open.at(id), batch.base_offset});
        open.erase(id);
      }
      if (!first_open_ && !walk.fault.empty()) first_open_ = first_open();
    }
    if (!first_open_) first_open_ = first_open();
    if (first_open_) look_behind(*first_open_);
  }

  // What is damaged there may be the marker.
  void look_behind(int64_t open) {
    for (size_t i = 0; i < segments_.size() && behind_open_.empty(); ++i) {
      if (i + 1 < segments_.size() && segments_[i + 1].base_offset <= open) continue;
      for (const Found& found : walks_[i].batches) {
        if (found.batch.last_offset() < open || !behind_open_.empty()) continue;
        std::string records;
        if (found.batch.magic != 2) {
          behind_open_ = {ErrorCode::kUnsupportedFormat};
        } else if (is_control(found.batch)) {
          marker_of(found.batch, &behind_open_);
        } else if (found.batch.crc != found.batch.computed_crc) {
          behind_open_ = {ErrorCode::kCorruptRecordBatch};
        }
      }
      if (behind_open_.empty() && !walks_[i].fault.empty())
        behind_open_ = {ErrorCode::kCorruptRecordBatch};
    }
  }

  bool is_aborted(const PlainBatch& batch) const {
    return std::any_of(aborted_.begin(), aborted_.end(), [&](const Aborted& one) {
      return one.producer_id == batch.producer_id && one.first <= batch.base_offset &&
             batch.base_offset <= one.last;
    });
  }

  std::set<ErrorCode> take(const Found& found, PlainRead& read) const {
    const PlainBatch& batch = found.batch;
    if (batch.magic != 2) return {ErrorCode::kUnsupportedFormat};
    RecordBatchKind kind = RecordBatchKind::kRecords;
    std::string records;
    std::set<ErrorCode> faults;
    if (is_control(batch)) {
      kind = RecordBatchKind::kControl;
      marker_of(batch, &faults);
    } else if (is_transactional(batch) && is_aborted(batch)) {
      kind = RecordBatchKind::kAborted;
      if (batch.crc != batch.computed_crc) faults = {ErrorCode::kCorruptRecordBatch};
    } else {
      faults = open(batch, &records);
    }
    if (faults.empty())
      read.batches.push_back({kind, batch.base_offset, batch.last_offset(), records});
    return faults;
  }

  const std::vector<PlainSegment> segments_;
  const bool read_committed_;
  std::vector<Walk> walks_;
  int64_t end_ = 0;
  std::optional<int64_t> first_open_;
  std::set<ErrorCode> behind_open_;  // what is wrong there
  std::vector<Aborted> aborted_;
};

}  // namespace tidemark::testing
