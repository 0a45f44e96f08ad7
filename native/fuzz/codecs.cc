#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

#include "fuzz/plain_codecs.h"
#include "fuzz/record_set.h"
#include "fuzz/some_compressed.h"
#include "fuzz/targets.h"
#include "librdkafka/test/raw_log.h"
#include "test_support/dice.h"

// Of a sanitizer; without one there is none.
extern "C" __attribute__((weak)) int __sanitizer_install_malloc_and_free_hooks(
    void (*malloced)(const volatile void*, size_t), void (*freed)(const volatile void*));

namespace tidemark::testing {
namespace {

// Beside the batch: the largest thing that another codec takes is zstd's context, 96 kB.
constexpr size_t kContext = 32 * 1024;
// What LZ4F keeps of a frame, beside what it gives out: two of its largest blocks.
constexpr size_t kLargestLz4Block = 4 * 1024 * 1024 + 256 * 1024;

thread_local bool counts_memory = false;
thread_local size_t largest_allocation = 0;

void see_allocation(const volatile void* /*at*/, size_t size) {
  if (counts_memory) largest_allocation = std::max(largest_allocation, size);
}

struct Seen {
  int messages = 0;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  int batches = 0;
  bool is_compressed = false;
  std::string records;
};

void see(const rd_kafka_message_t* message, void* opaque) {
  auto& seen = *static_cast<Seen*>(opaque);
  ++seen.messages;
  seen.error = message->err;
  rd_kafka_record_batch_t batch;
  for (size_t cursor = 0; rd_kafka_message_next_record_batch(message, &cursor, &batch);) {
    ++seen.batches;
    seen.is_compressed = batch.is_compressed != 0;
    seen.records.assign(static_cast<const char*>(batch.records), batch.size);
  }
}

record_set_reader* reader() {
  static const std::unique_ptr<record_set_reader, void (*)(record_set_reader*)> made{
      record_set_reader_new(kLimit), record_set_reader_destroy};
  return made.get();
}

Seen read(const std::string& bytes, size_t room) {
  static const bool is_hooked =
      __sanitizer_install_malloc_and_free_hooks != nullptr &&
      __sanitizer_install_malloc_and_free_hooks(see_allocation, [](const volatile void*) {}) != 0;
  // Exactly its size, on the heap: a sanitizer sees the byte behind it.
  const std::unique_ptr<char[]> exact(new char[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), exact.get());
  Seen seen;
  largest_allocation = 0;
  counts_memory = is_hooked;
  record_set_read(reader(), exact.get(), bytes.size(), room, see, &seen);
  counts_memory = false;
  return seen;
}

}  // namespace

void fuzz_codecs(const uint8_t* bytes, size_t size) {
  Dice dice(bytes, size);
  const auto codec = static_cast<Codec>(1 + dice.below(4));
  const std::string data = some_compressed(codec, dice);
  // Without a payload there is nothing to inflate: that is what compaction leaves.
  if (data.empty()) return;

  tidemark_test::RawBatch batch{data, static_cast<int16_t>(codec)};
  const Inflated expected = inflate_plainly(codec, data, kLimit);
  const auto room = static_cast<size_t>(dice.one_in(2) ? 0 : 1 + dice.below(kLimit));
  const Seen seen = read(tidemark_test::to_bytes(batch), room);

  ASSERT_EQ(seen.messages, 1) << "silence, or more than one end";
  ASSERT_EQ(seen.error, RD_KAFKA_RESP_ERR_NO_ERROR) << "who reads it says what is wrong";
  ASSERT_EQ(seen.batches, 1);
  if (seen.is_compressed) {
    ASSERT_TRUE(!expected.is_good || (room > 0 && room < kLimit)) << "there is room for it";
    ASSERT_TRUE(seen.records == data) << "other bytes";
  } else {
    ASSERT_TRUE(expected.is_good) << "a bad batch is taken";
    ASSERT_TRUE(room == 0 || expected.bytes.size() <= room) << "there is no room for it";
    ASSERT_TRUE(seen.records == expected.bytes) << "other bytes";
  }
  // One that is left compressed is copied.
  const size_t most = std::max(codec == Codec::kLz4 ? kLargestLz4Block : kLimit + kContext,
                               seen.is_compressed ? data.size() : 0);
  ASSERT_LE(largest_allocation, most) << "memory is taken for a batch that is too large";
}

}  // namespace tidemark::testing
