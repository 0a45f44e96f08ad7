// live_load: sends records at a fixed rate, whatever becomes of those before: an open loop, so that
// what is slow for a while counts for each record that should have been sent meanwhile.
//
//   live_load --bootstrap host:port --topic name --partitions 4 --rate 1000 --records 20000
//             [--value-size 100]
#include <algorithm>
#include <cstring>

#include "live_record.h"

namespace tidemark {
namespace {

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err) fail(std::string("delivery: ") + rd_kafka_err2str(message->err));
}

void sleep_until(int64_t nanoseconds) {
  timespec time;
  time.tv_sec = nanoseconds / 1'000'000'000;
  time.tv_nsec = nanoseconds % 1'000'000'000;
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) != 0) {
  }
}

int run(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const HandlePtr handle = make_handle(RD_KAFKA_PRODUCER,
                                       {{"bootstrap.servers", arguments.text("bootstrap")},
                                        {"linger.ms", "0"},
                                        {"acks", "1"},
                                        {"socket.nagle.disable", "true"},
                                        {"queue.buffering.max.messages", "1000000"},
                                        {"delivery.report.only.error", "true"}},
                                       on_delivery);
  const TopicPtr topic(rd_kafka_topic_new(handle.get(), arguments.text("topic").c_str(), nullptr),
                       rd_kafka_topic_destroy);
  const int64_t partitions = arguments.number("partitions");
  const int64_t rate = arguments.number("rate");
  const int64_t records = arguments.number("records");
  std::vector<char> value(static_cast<size_t>(arguments.number("value-size", 100)), 'v');
  arguments.end();
  if (rate < 1 || value.size() < sizeof(LiveRecord)) fail("an argument is out of range");
  topic_spans(handle.get(), topic.get());  // connects

  int64_t behind = 0;
  const int64_t start = now_nanoseconds() + 10'000'000;
  for (int64_t i = 0; i < records; ++i) {
    const LiveRecord record = {start + i * 1'000'000'000 / rate, i};
    int64_t now = now_nanoseconds();
    if (now < record.intended) {
      rd_kafka_poll(handle.get(), 0);
      sleep_until(record.intended);
      now = now_nanoseconds();
    }
    behind = std::max(behind, now - record.intended);
    std::memcpy(value.data(), &record, sizeof(record));
    if (rd_kafka_produce(topic.get(), static_cast<int32_t>(i % partitions), RD_KAFKA_MSG_F_COPY,
                         value.data(), value.size(), nullptr, 0, nullptr) != 0)
      fail(std::string("produce: ") + rd_kafka_err2str(rd_kafka_last_error()));
  }
  while (rd_kafka_flush(handle.get(), 1'000) == RD_KAFKA_RESP_ERR__TIMED_OUT) {
  }
  std::printf("{\"records\":%lld,\"most_behind_ms\":%.3f,\"cpu_seconds\":%.6f}\n",
              static_cast<long long>(records), static_cast<double>(behind) / 1e6, cpu_seconds());
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace
}  // namespace tidemark

int main(int argc, char** argv) { return tidemark::run(argc, argv); }
