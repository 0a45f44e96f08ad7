// micro: decoder, columns and merge without Kafka, in ns of CPU a record (Google Benchmark).
//
//   decode    the decoder alone, as far ahead in each partition as a partition decodes
//   columns   decoding and columns; the order of the merge is known beforehand
//   merge     all of it: what columns does, with the merge finding the order
//
// The merge alone is `merge` minus `columns` at the same k and run: both decode and copy the same
// records in the same order. k is the number of partitions; run is how many records of a partition
// follow each other in time, 1 when all are interleaved.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <utility>

#include "columns/slab_builder.h"
#include "merge/merger.h"
#include "micro_logs.h"
#include "test_support/record_columns.h"

namespace tidemark::bench {
namespace {

constexpr size_t kRecords = 512'000;  // 60 MB of records sections: more than a cache holds
constexpr size_t kValueSize = 100;
constexpr size_t kBatchRows = 50'000;
constexpr size_t kMaxBatchBytes = 64 << 20;
constexpr size_t kDecodeAhead = 32;  // as merge/partition.h has it

const MicroLogs& logs_of(const benchmark::State& state) {
  const auto key = std::make_pair(state.range(0), state.range(1));
  static std::map<std::pair<int64_t, int64_t>, MicroLogs> all;
  if (all.count(key) == 0) {
    all.clear();  // one at a time: they are large
    all.emplace(key, MicroLogs(static_cast<size_t>(key.first), static_cast<size_t>(key.second),
                               kRecords, kValueSize));
  }
  return all.at(key);
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "micro: %s\n", what);
  std::exit(1);
}

// Of this thread: on a shared machine, time that passes says more about the others.
double cpu_seconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Times `work` alone: partitions are made and filled between.
template <typename Prepare, typename Work>
void measure(benchmark::State& state, const MicroLogs& logs, Prepare prepare, Work work) {
  for (auto _ : state) {
    auto prepared = prepare();
    const double start = cpu_seconds();
    const size_t records = work(prepared);
    state.SetIterationTime(cpu_seconds() - start);
    require(records == logs.records(), "not every record came");
  }
  const auto records = static_cast<double>(logs.records());
  state.counters["per_record"] = benchmark::Counter(
      records, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// The columns of a batch, filled again and again: slabs are pooled in the library too.
class Batches {
 public:
  Batches() : builder_(testing::record_columns(), kBatchRows, kMaxBatchBytes) {
    builder_.open(std::make_unique<Slab>());
  }

  SlabBuilder& builder() { return builder_; }
  void next() {
    rows_ += builder_.rows();
    std::unique_ptr<Slab> slab = builder_.finish();
    benchmark::DoNotOptimize(slab->memory.data());
    builder_.open(std::move(slab));
  }
  size_t take_rows() {
    next();
    return std::exchange(rows_, 0);
  }

 private:
  SlabBuilder builder_;
  size_t rows_ = 0;
};

struct DecodedPartition {
  const std::vector<testing::WrittenBatch>* batches;
  size_t next_batch = 0;
  RecordBatchDecoder decoder;
};

void decode(benchmark::State& state) {
  const MicroLogs& logs = logs_of(state);
  const auto prepare = [&] {
    std::vector<DecodedPartition> partitions;
    for (const auto& batches : logs.partitions())
      partitions.push_back({&batches, 0, {}});
    return partitions;
  };
  measure(state, logs, prepare, [](std::vector<DecodedPartition>& partitions) {
    std::array<Record, kDecodeAhead> decoded;
    size_t records = 0;
    for (bool any = true; any;) {
      any = false;
      for (DecodedPartition& partition : partitions) {
        if (partition.decoder.remaining() == 0) {
          if (partition.next_batch == partition.batches->size()) continue;
          partition.decoder.open((*partition.batches)[partition.next_batch++].batch());
        }
        size_t count = 0;
        require(partition.decoder.decode(decoded.data(), decoded.size(), &count) == nullptr,
                "a record batch does not parse");
        benchmark::DoNotOptimize(decoded.data());
        benchmark::ClobberMemory();
        records += count;
        any = true;
      }
    }
    return records;
  });
}

void columns(benchmark::State& state) {
  const MicroLogs& logs = logs_of(state);
  Batches batches;
  const auto prepare = [&] { return logs.held(); };
  measure(state, logs, prepare, [&](std::vector<std::unique_ptr<Partition>>& partitions) {
    SlabBuilder& builder = batches.builder();
    for (const Run& run : logs.runs()) {
      Partition& partition = *partitions[run.partition];
      for (size_t left = run.records; left > 0;) {
        const size_t count = std::min(left, partition.head_count());
        const size_t appended = builder.append(partition.origin(), partition.head(), count);
        if (appended > 0) partition.release(appended);
        left -= appended;
        if (appended < count) batches.next();
      }
    }
    return batches.take_rows();
  });
}

std::vector<Partition*> pointers_to(const std::vector<std::unique_ptr<Partition>>& partitions) {
  std::vector<Partition*> pointers;
  for (const auto& partition : partitions)
    pointers.push_back(partition.get());
  return pointers;
}

void merge(benchmark::State& state) {
  const MicroLogs& logs = logs_of(state);
  Batches batches;
  struct Stream {
    explicit Stream(std::vector<std::unique_ptr<Partition>> held)
        : partitions(std::move(held)), merger(pointers_to(partitions), false) {}
    std::vector<std::unique_ptr<Partition>> partitions;
    Merger merger;
  };
  const auto prepare = [&] { return std::make_unique<Stream>(logs.held()); };
  measure(state, logs, prepare, [&](std::unique_ptr<Stream>& stream) {
    for (;;) {
      const Merger::Outcome outcome = stream->merger.merge(batches.builder());
      if (outcome == Merger::Outcome::kReplayEnded) return batches.take_rows();
      require(outcome == Merger::Outcome::kFull, "the merge ended early");
      batches.next();
    }
  });
}

// All three of one k and run follow each other: their differences are what counts.
void add_benchmarks() {
  for (const int64_t run : {1, 64, 1'000}) {
    for (const int64_t k : {1, 8, 64, 1'000}) {
      const auto add = [&](const char* name, void (*function)(benchmark::State&)) {
        benchmark::RegisterBenchmark(name, function)
            ->Args({k, run})
            ->ArgNames({"k", "run"})
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
      };
      add("decode", decode);
      add("columns", columns);
      add("merge", merge);
    }
  }
}

}  // namespace
}  // namespace tidemark::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  tidemark::bench::add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
