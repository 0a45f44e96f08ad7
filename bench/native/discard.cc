// discard: librdkafka as it is, one message a record, each looked at and thrown away. What a C
// program on librdkafka can reach at best; no order across partitions.
//
//   discard --bootstrap host:port --topic name [--records n] [--check 1]
#include "consume.h"
#include "keep_freed_memory.h"

namespace tidemark {
namespace {

void count(const rd_kafka_message_t* message, Consumption* consumption) {
  ++consumption->records;
  consumption->bytes += static_cast<int64_t>(message->len + message->key_len);
}

void check(const rd_kafka_message_t* message, Consumption* consumption) {
  static int64_t latest = INT64_MIN;
  const int64_t timestamp = rd_kafka_message_timestamp(message, nullptr);
  if (timestamp < latest) ++consumption->steps_back;
  latest = timestamp;
  count(message, consumption);
}

}  // namespace
}  // namespace tidemark

int main(int argc, char** argv) {
  tidemark::keep_freed_memory();
  // Small queues and responses: what lies long in them has left the cache when it is read. With 1
  // GiB and 50 MiB it took a fifth longer.
  return tidemark::consume(
      argc, argv,
      {{{"queued.max.messages.kbytes", "2048"}, {"fetch.max.bytes", "4194304"}},
       tidemark::count,
       tidemark::check,
       nullptr});
}
