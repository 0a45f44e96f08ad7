// FetchLimits: what one budget of bytes allows each partition, in librdkafka's queues and here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace tidemark {

// A budget below this a partition cannot hold even one fetch of the smallest size.
constexpr size_t kMinBudgetPerPartition = 64 * 1024;

struct FetchLimits {
  size_t queue_bytes;           // queued.max.messages.kbytes, in bytes: a partition's own queue
  int queued_min_messages;      // queued.min.messages
  int fetch_message_max_bytes;  // a partition's part of one fetch response
  int fetch_max_bytes;          // one fetch response
  size_t share_bytes;           // what the engine holds of a partition before it is paused

  // Half of the budget is for librdkafka's queues, a quarter for what the engine holds; the rest
  // is for fetch responses and for queues that the last fetch carried over their limit. A fetch or
  // two ahead are enough, and a response of a few MB: what lies longer in a queue, or is received
  // long before it is decompressed, has left the cache when it is read, and costs memory for
  // nothing. With many partitions a response has room for each, since a request costs the broker
  // something for every partition.
  static FetchLimits of(size_t budget, size_t partitions) {
    constexpr size_t kSmallestFetch = 64 * 1024, kLargestFetch = 1024 * 1024;
    constexpr size_t kLargestShare = kLargestFetch;
    constexpr size_t kQueuesTogether = 8 * kLargestFetch, kResponse = 4 * kLargestFetch;
    constexpr size_t kLargestResponse = 50 * kLargestFetch;
    constexpr size_t kSmallOp = 512;
    const size_t count = std::max<size_t>(partitions, 1);
    const size_t queue = std::clamp(kQueuesTogether / count, kLargestFetch, 2 * kLargestFetch);
    const size_t response = std::clamp(kSmallestFetch * count, kResponse, kLargestResponse);
    FetchLimits limits;
    limits.queue_bytes = std::clamp<size_t>(budget / (2 * count), 1024, queue);
    limits.queued_min_messages =
        static_cast<int>(std::clamp<size_t>(limits.queue_bytes / kSmallOp, 1, 10'000'000));
    limits.fetch_message_max_bytes =
        static_cast<int>(std::clamp(budget / (8 * count), kSmallestFetch, kLargestFetch));
    limits.fetch_max_bytes = static_cast<int>(std::clamp<size_t>(
        budget / 4, static_cast<size_t>(limits.fetch_message_max_bytes), response));
    limits.share_bytes = std::min(budget / (4 * count), kLargestShare);
    return limits;
  }
};

}  // namespace tidemark
