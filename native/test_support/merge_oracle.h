// The oracle of the simulation: what the merge must give, found by sorting.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "test_support/random_log.h"
#include "test_support/slab_reader.h"

namespace tidemark::testing {

struct Row {
  size_t log;  // the logs are in the order of their topics, partitions and sources
  int32_t topic;
  int32_t source;
  int32_t partition;
  int64_t offset;
  int64_t timestamp;
  std::optional<std::string> key, value;

  bool operator==(const SlabRow& read) const {
    const bool same_time =
        timestamp == kNoTimestamp ? !read.timestamp : read.timestamp == timestamp;
    return same_time && topic == read.topic && source == read.source &&
           partition == read.partition && offset == read.offset && key == read.key &&
           value == read.value;
  }
};

struct ExpectedRow {
  int64_t merge_key;
  Row row;

  bool late() const { return row.timestamp != kNoTimestamp && row.timestamp < merge_key; }
  bool operator<(const ExpectedRow& other) const {
    return std::tie(merge_key, row.log) < std::tie(other.merge_key, other.row.log);
  }
};

struct Expected {
  std::vector<ExpectedRow> replay;
  bool replay_fails = false;                   // its end lies behind a fault or a late record
  std::vector<std::vector<ExpectedRow>> live;  // of each partition
  bool live_fails = false;
  std::vector<int64_t> late;  // late records of each partition
};

// What a partition has to do with the stream, as of a moment.
struct Part {
  bool is_in = true;                      // it has joined, and not left
  bool joined_in_live = false;            // so that nothing of it is the replay's
  size_t joined_at = 0;                   // in its records; those before are not read
  int64_t merge_key = kSmallestMergeKey;  // of the record before the first that is read
  size_t released = 0;                    // records of its replay
};

// What is still to come of a replay, and all of live.
//
// No heads, no bounds, no tree: all records of the replay, sorted by (largest timestamp so far,
// topic, partition, source), up to the first that must wait for a record which cannot be read.
inline Expected expect(const std::vector<Log>& logs, const std::vector<Part>& parts,
                       bool fail_on_late_record) {
  Expected expected;
  std::vector<ExpectedRow> rows;
  std::vector<ExpectedRow> walls;  // last rows of partitions whose replay breaks off
  bool walled_in = false;          // one of them has not a single row
  for (size_t p = 0; p < logs.size(); ++p) {
    const Log& log = logs[p];
    const Part& part = parts[p];
    int64_t largest = part.merge_key;
    bool cut = false;
    expected.live.emplace_back();
    expected.late.push_back(0);
    if (!part.is_in) continue;
    for (size_t i = part.joined_at; i < log.records.size(); ++i) {
      const LogRecord& record = log.records[i];
      const bool has_time = record.timestamp != kNoTimestamp;
      if (has_time) largest = std::max(largest, record.timestamp);
      const bool in_range = record.offset < log.range.end_offset && !part.joined_in_live;
      cut = cut || (in_range && has_time && log.range.cutoff != kNoCutoff &&
                    record.timestamp >= log.range.cutoff);
      const Row row{p,
                    log.id.topic_index,
                    log.id.source_index,
                    log.id.partition,
                    record.offset,
                    record.timestamp,
                    record.key,
                    record.value};
      const ExpectedRow keyed{largest, row};
      expected.late[p] += keyed.late();
      if (!in_range || cut) {
        expected.live[p].push_back(keyed);
      } else if (i >= part.released) {
        rows.push_back(keyed);
      }
    }
    const bool has_replay = !part.joined_in_live && !cut;
    if (log.faulty && has_replay && log.fault_at < log.range.end_offset) {
      if (!rows.empty() && rows.back().row.log == p) {
        walls.push_back(rows.back());
      } else {
        walled_in = true;
      }
    }
    expected.live_fails = expected.live_fails || log.faulty;
  }
  expected.replay_fails = walled_in || !walls.empty();
  std::stable_sort(rows.begin(), rows.end());
  for (const ExpectedRow& row : rows) {
    const bool waits = walled_in || std::any_of(walls.begin(), walls.end(),
                                                [&row](const auto& wall) { return wall < row; });
    if (waits) break;
    if (fail_on_late_record && row.late()) {
      expected.replay_fails = true;
      break;
    }
    expected.replay.push_back(row);
  }
  for (const auto& partition : expected.live) {
    for (const ExpectedRow& row : partition) {
      if (fail_on_late_record && row.late()) expected.live_fails = true;
    }
  }
  return expected;
}

// Of partitions that are all there from the beginning.
inline Expected expect(const std::vector<Log>& logs, bool fail_on_late_record) {
  return expect(logs, std::vector<Part>(logs.size()), fail_on_late_record);
}

}  // namespace tidemark::testing
