// FetchLimits: what one budget of bytes allows each partition, in librdkafka's queues and here.
#pragma once

#include <librdkafka/rdkafka_record_batch_settings.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "source/budget.h"

namespace tidemark {

struct FetchLimits : rd_kafka_record_batch_fetch_limits_t {
  size_t share_bytes;  // what the engine holds of a partition before it is paused

  // Half of the budget is for librdkafka's queues, a quarter for what the engine holds; the rest
  // is for fetch responses and for queues that the last fetch carried over their limit. Much less
  // is used of the default budget: a fetch or two ahead are enough beside the brokers, and a
  // response of a few MB. What lies longer in a queue, or is received long before it is
  // decompressed, has left the cache when it is read, and costs memory for nothing. A larger budget
  // makes all of them larger: to a broker that is far away a fetch takes a round trip, whatever it
  // brings. With many partitions a response has room for each, since a request costs the broker
  // something for every partition.
  static FetchLimits of(size_t budget, size_t partitions) {
    constexpr size_t kMiB = 1024 * 1024;
    constexpr size_t kSmallestFetch = kMinBudgetPerPartition, kLargestResponse = 50 * kMiB;
    constexpr int64_t kSmallOp = 512;
    const size_t count = std::max<size_t>(partitions, 1);
    const size_t fetch = std::clamp(budget / 256, kMiB, kLargestResponse);
    const size_t queue = std::clamp(12 * fetch / count, fetch / 4, 2 * fetch);
    const size_t response =
        std::clamp(std::max(kSmallestFetch * count, 4 * fetch), 4 * kMiB, kLargestResponse);
    FetchLimits limits;
    limits.queued_max_bytes =
        static_cast<int64_t>(std::clamp<size_t>(budget / (2 * count), 1024, queue));
    limits.queued_min_messages =
        static_cast<int>(std::clamp<int64_t>(limits.queued_max_bytes / kSmallOp, 1, 10'000'000));
    limits.fetch_message_max_bytes =
        static_cast<int>(std::clamp(budget / (8 * count), kSmallestFetch, fetch));
    limits.fetch_max_bytes = static_cast<int>(std::clamp<size_t>(
        budget / 4, static_cast<size_t>(limits.fetch_message_max_bytes), response));
    limits.responses_max_bytes = static_cast<int64_t>(std::max<size_t>(budget / 4, 1));
    limits.fetch_alone_bytes =
        static_cast<int>(std::min({budget / (4 * count), 2 * fetch, kLargestResponse}));
    // The whole share, not what is used of it: a fetch that compresses as records do fits.
    limits.inflated_max_bytes = static_cast<int64_t>(std::max<size_t>(budget / (2 * count), 1));
    limits.held_max_bytes = static_cast<int64_t>(budget);
    limits.share_bytes = std::min(budget / (4 * count), fetch);
    return limits;
  }

  // A response is refused as a whole when it is larger than receive.message.max.bytes, and a broker
  // fills fetch_max_bytes to the last byte with records alone. Around them are 40 bytes a
  // partition, the topics' names, and 16 bytes for each aborted transaction.
  void fit_response_into(int receive_limit) {
    fetch_max_bytes = std::min(fetch_max_bytes, receive_limit - receive_limit / 8);
  }
};

}  // namespace tidemark
