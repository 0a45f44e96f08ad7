// live: librdkafka as it is, reading what live_load sends, one message at a time as soon as it is
// there: what a C program on librdkafka can reach. Says "ready" when it reads.
//
//   live --bootstrap host:port --topic name --records n --skip n --file path
//
// The first `skip` records are not counted. The file gets the latencies in µs, as 32-bit numbers.
#include <cstring>

#include "live_record.h"

namespace tidemark {
namespace {

int run(int argc, char** argv) {
  constexpr int kNoRecordForMs = 15'000;
  Arguments arguments(argc, argv);
  const Properties properties = {{"bootstrap.servers", arguments.text("bootstrap")},
                                 {"enable.auto.commit", "false"},
                                 {"enable.auto.offset.store", "false"},
                                 {"auto.offset.reset", "error"},
                                 {"socket.nagle.disable", "true"}};
  const std::string name = arguments.text("topic");
  const int64_t wanted = arguments.number("records");
  const int64_t skip = arguments.number("skip");
  const std::string path = arguments.text("file");
  arguments.end();

  const HandlePtr handle = make_handle(RD_KAFKA_CONSUMER, properties);
  const TopicPtr topic(rd_kafka_topic_new(handle.get(), name.c_str(), nullptr),
                       rd_kafka_topic_destroy);
  const std::vector<Span> spans = topic_spans(handle.get(), topic.get());
  rd_kafka_queue_t* queue = rd_kafka_queue_new(handle.get());
  for (size_t i = 0; i < spans.size(); ++i) {
    if (rd_kafka_consume_start_queue(topic.get(), static_cast<int32_t>(i), spans[i].end, queue) !=
        0)
      fail(std::string("consume_start: ") + rd_kafka_err2str(rd_kafka_last_error()));
  }
  std::vector<uint32_t> latencies;
  latencies.reserve(static_cast<size_t>(wanted - skip));
  std::printf("ready\n");
  std::fflush(stdout);
  const double started = now_seconds();
  const double cpu_before = cpu_seconds();
  while (latencies.size() < static_cast<size_t>(wanted - skip)) {
    rd_kafka_message_t* message = rd_kafka_consume_queue(queue, kNoRecordForMs);
    if (!message) break;
    const int64_t now = now_nanoseconds();
    if (message->err) fail(std::string("fetch: ") + rd_kafka_message_errstr(message));
    LiveRecord record;
    if (message->len < sizeof(record)) fail("a record that live_load did not send");
    std::memcpy(&record, message->payload, sizeof(record));
    if (record.index >= skip)
      latencies.push_back(static_cast<uint32_t>((now - record.intended + 500) / 1'000));
    rd_kafka_message_destroy(message);
  }
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) fail("cannot write " + path);
  std::fwrite(latencies.data(), sizeof(latencies[0]), latencies.size(), file);
  std::fclose(file);
  std::printf("{\"records\":%zu,\"seconds\":%.3f,\"cpu_seconds\":%.6f}\n", latencies.size(),
              now_seconds() - started, cpu_seconds() - cpu_before);
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace
}  // namespace tidemark

int main(int argc, char** argv) { return tidemark::run(argc, argv); }
