// load: creates a topic and fills it with records that follow from the arguments alone.
//
//   load --bootstrap host:port --topic name --partitions 8 --records 1000000
//        [--key-size 8] [--value-size 100 | 16-65536] [--random-percent 44] [--codec lz4]
//        [--layout interleaved] [--batch-records 8600] [--first-timestamp 1704067200000]
//        [--values mixed | json] [--seed 1] [--config name=value,…] [--create 1]
//
// With 0 records the topic is only created. A topic that is there already, with as many partitions
// and records, is left as it is. With --create 0 it is there, and empty.
//
// Record i of the topic has timestamp first + i ms. A key starts with i, little-endian. Sizes
// between the two ends of a range are spread evenly over their logarithm.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>

#include "support.h"

namespace tidemark {
namespace {

// Values are windows into this much generated data: nothing is filled in per record, and far more
// than a codec looks back.
constexpr size_t kPoolBytes = 32 << 20;
constexpr size_t kPoolPeriod = 100;
// What librdkafka puts into a batch of 1 MB by default.
constexpr int64_t kDefaultBatchRecords = 8'600;
constexpr int64_t kBlockRecords = 10'000;

uint64_t mix(uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

struct Plan {
  std::string topic;
  int32_t partitions;
  int64_t records;
  size_t key_size;
  std::pair<int64_t, int64_t> value_size;
  int64_t random_percent;
  std::string values;
  std::string layout;
  int64_t first_timestamp;
  uint64_t seed;
};

// One JSON document after another, each of the size of a value.
std::vector<char> make_json_pool(const Plan& plan) {
  static const char* const kSymbols[] = {"BTC-USD", "ETH-USD", "SOL-USD", "ADA-USD"};
  const auto size = static_cast<size_t>(plan.value_size.first);
  std::vector<char> pool(kPoolBytes / size * size);
  char text[512];
  for (size_t at = 0; at < pool.size(); at += size) {
    const uint64_t random = mix(plan.seed ^ (at << 20));
    const int written = std::snprintf(
        text, sizeof(text),
        "{\"id\":\"%016llx\",\"symbol\":\"%s\",\"side\":\"%s\",\"price\":%llu.%02llu,"
        "\"quantity\":%llu,\"account\":\"acct-%06llu\",\"venue\":\"primary\",\"note\":\"",
        static_cast<unsigned long long>(mix(random)), kSymbols[random % 4],
        random >> 8 & 1 ? "buy" : "sell", static_cast<unsigned long long>(random >> 9) % 90'000,
        static_cast<unsigned long long>(random >> 30) % 100,
        static_cast<unsigned long long>(random >> 38) % 10'000,
        static_cast<unsigned long long>(random >> 44) % 1'000'000);
    constexpr char kEnd[] = "\"}";
    const size_t begin = static_cast<size_t>(written), end = sizeof(kEnd) - 1;
    if (begin + end > size) fail("--value-size: too small for a JSON document");
    std::memcpy(&pool[at], text, begin);
    std::memset(&pool[at + begin], '.', size - begin - end);
    std::memcpy(&pool[at + size - end], kEnd, end);
  }
  return pool;
}

// Of every kPoolPeriod bytes the given part is random, the rest is always the same.
std::vector<char> make_mixed_pool(const Plan& plan) {
  const size_t random = kPoolPeriod * static_cast<size_t>(plan.random_percent) / 100;
  std::vector<char> pool(kPoolBytes);
  for (size_t i = 0; i < pool.size(); ++i) {
    const size_t at = i % kPoolPeriod;
    pool[i] = at < random ? static_cast<char>(mix(plan.seed ^ (i << 20)))
                          : static_cast<char>('a' + at % 26);
  }
  return pool;
}

std::vector<char> make_pool(const Plan& plan) {
  return plan.values == "json" ? make_json_pool(plan) : make_mixed_pool(plan);
}

// Which partition a record lies on: how time is laid out over the partitions.
int32_t (*partition_rule(const std::string& layout))(const Plan&, int64_t) {
  if (layout == "interleaved")
    return [](const Plan& plan, int64_t i) { return static_cast<int32_t>(i % plan.partitions); };
  if (layout == "random")
    return [](const Plan& plan, int64_t i) {
      return static_cast<int32_t>(mix(plan.seed ^ static_cast<uint64_t>(i)) %
                                  static_cast<uint64_t>(plan.partitions));
    };
  if (layout == "blocks")
    return [](const Plan& plan, int64_t i) {
      return static_cast<int32_t>(i / kBlockRecords % plan.partitions);
    };
  if (layout == "one-after-another")
    return [](const Plan& plan, int64_t i) {
      return static_cast<int32_t>(i * plan.partitions / plan.records);
    };
  if (layout == "reversed")
    return [](const Plan& plan, int64_t i) {
      return static_cast<int32_t>(plan.partitions - 1 - i * plan.partitions / plan.records);
    };
  fail("--layout: interleaved, random, blocks, one-after-another or reversed, not " + layout);
}

// False: it is there already.
bool create_topic(rd_kafka_t* handle, const Plan& plan, const std::string& config) {
  constexpr int kTimeoutMs = 60'000;
  char reason[512];
  rd_kafka_NewTopic_t* topic =
      rd_kafka_NewTopic_new(plan.topic.c_str(), plan.partitions, 1, reason, sizeof(reason));
  if (!topic) fail(reason);
  for (size_t at = 0; at < config.size();) {
    const size_t end = std::min(config.find(',', at), config.size());
    const std::string pair = config.substr(at, end - at);
    const size_t equals = pair.find('=');
    if (equals == std::string::npos) fail("--config: expected name=value, got " + pair);
    rd_kafka_NewTopic_set_config(topic, pair.substr(0, equals).c_str(),
                                 pair.substr(equals + 1).c_str());
    at = end + 1;
  }

  rd_kafka_AdminOptions_t* options =
      rd_kafka_AdminOptions_new(handle, RD_KAFKA_ADMIN_OP_CREATETOPICS);
  rd_kafka_AdminOptions_set_operation_timeout(options, kTimeoutMs, reason, sizeof(reason));
  rd_kafka_AdminOptions_set_request_timeout(options, kTimeoutMs, reason, sizeof(reason));
  rd_kafka_queue_t* queue = rd_kafka_queue_new(handle);
  rd_kafka_CreateTopics(handle, &topic, 1, options, queue);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kTimeoutMs);
  if (!event) fail("creating the topic: no answer");
  if (rd_kafka_event_error(event))
    fail(std::string("creating the topic: ") + rd_kafka_event_error_string(event));
  size_t count;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  const rd_kafka_resp_err_t err = rd_kafka_topic_result_error(results[0]);
  if (err && err != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    fail(std::string("creating the topic: ") + rd_kafka_topic_result_error_string(results[0]));
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_AdminOptions_destroy(options);
  rd_kafka_NewTopic_destroy(topic);
  return !err;
}

// With delivery.report.only.error only failures come here.
void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err) fail(std::string("delivery: ") + rd_kafka_err2str(message->err));
}

void produce(rd_kafka_t* handle, rd_kafka_topic_t* topic, const Plan& plan) {
  const std::vector<char> pool = make_pool(plan);
  const auto partition_of = partition_rule(plan.layout);
  const auto [smallest, largest] = plan.value_size;
  const double spread = std::log(static_cast<double>(largest) / static_cast<double>(smallest));
  std::vector<char> key(plan.key_size);
  size_t at = 0;

  rd_kafka_vu_t fields[6];
  fields[0].vtype = RD_KAFKA_VTYPE_RKT;
  fields[0].u.rkt = topic;
  fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  fields[2].u.i = 0;  // neither copied nor freed: values live in the pool until the end
  fields[3].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  fields[4].vtype = RD_KAFKA_VTYPE_KEY;
  fields[4].u.mem.ptr = plan.key_size ? key.data() : nullptr;
  fields[4].u.mem.size = plan.key_size;
  fields[5].vtype = RD_KAFKA_VTYPE_VALUE;

  for (int64_t i = 0; i < plan.records; ++i) {
    size_t size = static_cast<size_t>(smallest);
    if (largest > smallest) {
      const double share =
          static_cast<double>(mix(~plan.seed ^ static_cast<uint64_t>(i)) >> 11) * 0x1p-53;
      size = static_cast<size_t>(static_cast<double>(smallest) * std::exp(spread * share));
    }
    if (at + size > pool.size()) at = 0;
    if (!key.empty()) std::memcpy(key.data(), &i, std::min(sizeof(i), key.size()));
    fields[1].u.i32 = partition_of(plan, i);
    fields[3].u.i64 = plan.first_timestamp + i;
    fields[5].u.mem.ptr = const_cast<char*>(pool.data() + at);
    fields[5].u.mem.size = size;
    at += size;
    while (rd_kafka_error_t* error = rd_kafka_produceva(handle, fields, 6)) {
      if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        fail(std::string("produce: ") + rd_kafka_error_string(error));
      rd_kafka_error_destroy(error);
      // Delivered records make room without any event, since only failures are reported.
      rd_kafka_poll(handle, 0);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  while (rd_kafka_flush(handle, 1'000) == RD_KAFKA_RESP_ERR__TIMED_OUT) {
  }
}

int run(int argc, char** argv) {
  Arguments arguments(argc, argv);
  const std::string bootstrap = arguments.text("bootstrap");
  Plan plan;
  plan.topic = arguments.text("topic");
  plan.partitions = static_cast<int32_t>(arguments.number("partitions"));
  plan.records = arguments.number("records");
  plan.key_size = static_cast<size_t>(arguments.number("key-size", 8));
  plan.value_size = arguments.range("value-size", "100");
  plan.random_percent = arguments.number("random-percent", 44);
  plan.values = arguments.text("values", "mixed");
  plan.layout = arguments.text("layout", "interleaved");
  plan.first_timestamp = arguments.number("first-timestamp", 1'704'067'200'000);  // 2024-01-01
  plan.seed = static_cast<uint64_t>(arguments.number("seed", 1));
  const std::string codec = arguments.text("codec", "lz4");
  const int64_t batch_records = arguments.number("batch-records", kDefaultBatchRecords);
  const std::string config = arguments.text("config", "");
  const bool creates = arguments.number("create", 1) != 0;
  arguments.end();
  partition_rule(plan.layout);
  if (plan.partitions < 1 || plan.records < 0 || batch_records < 1 || plan.random_percent < 0 ||
      plan.random_percent > 100 || plan.value_size.first < 1 ||
      plan.value_size.second < plan.value_size.first ||
      plan.value_size.second > static_cast<int64_t>(kPoolBytes))
    fail("an argument is out of range");
  if (plan.values != "mixed" && plan.values != "json") fail("--values: mixed or json");
  if (plan.values == "json" && plan.value_size.first != plan.value_size.second)
    fail("--values json: one size for all");

  // Room for two record batches a partition: less, and a full queue would cut them short.
  const int64_t queued = std::max<int64_t>(200'000, 2 * plan.partitions * batch_records);
  const HandlePtr handle = make_handle(
      RD_KAFKA_PRODUCER,
      {{"bootstrap.servers", bootstrap},
       {"compression.codec", codec},
       {"batch.num.messages", std::to_string(batch_records)},
       {"batch.size", "10000000"},
       {"message.max.bytes", "15000000"},
       // Batches are cut by their count of records alone; what is left goes out with the flush.
       {"linger.ms", batch_records == 1 ? "0" : "900000"},
       {"queue.buffering.max.messages", std::to_string(std::min<int64_t>(queued, 10'000'000))},
       {"queue.buffering.max.kbytes", "2097151"},
       {"delivery.report.only.error", "true"},
       {"retries", "0"},  // a retry would change the order of the requests in flight
       {"message.timeout.ms", "0"},
       {"acks", "1"}},
      on_delivery);
  const bool is_new = !creates || create_topic(handle.get(), plan, config);
  const TopicPtr topic(rd_kafka_topic_new(handle.get(), plan.topic.c_str(), nullptr),
                       rd_kafka_topic_destroy);
  const size_t partitions = topic_spans(handle.get(), topic.get()).size();
  if (partitions != static_cast<size_t>(plan.partitions))
    fail("the topic is there and has " + std::to_string(partitions) + " partitions: delete it");

  const double started = now_seconds();
  if (is_new) produce(handle.get(), topic.get(), plan);
  const double seconds = now_seconds() - started;
  const int64_t delivered = count_records(topic_spans(handle.get(), topic.get()));
  if (delivered != plan.records) {
    fail("the topic holds " + std::to_string(delivered) + " records instead of " +
         std::to_string(plan.records) + ": delete it");
  }
  std::printf("{\"records\":%lld,\"seconds\":%.3f,\"cpu_seconds\":%.3f}\n",
              static_cast<long long>(delivered), seconds, cpu_seconds());
  return 0;
}

}  // namespace
}  // namespace tidemark

int main(int argc, char** argv) { return tidemark::run(argc, argv); }
