#include "mock_kafka.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "log/inflate.h"

namespace tidemark_test {
namespace {

using Clock = std::chrono::steady_clock;
// Also for a loaded machine with ThreadSanitizer.
constexpr auto kDeadline = std::chrono::minutes(5);

/// Reads a varint of at most ten bytes.
int64_t read_varint(const std::string& bytes, size_t& at) {
  uint64_t value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    const uint8_t byte = static_cast<uint8_t>(bytes.at(at++));
    value |= shift < 64 ? static_cast<uint64_t>(byte & 0x7f) << shift : 0;
    if ((byte & 0x80) == 0)
      return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }
  throw std::runtime_error("varint too long");
}

Bytes read_bytes(const std::string& bytes, size_t& at) {
  const int64_t length = read_varint(bytes, at);
  if (length == -1) return std::nullopt;
  if (length < -1 || at + static_cast<size_t>(length) > bytes.size()) {
    throw std::runtime_error("length out of range");
  }
  at += static_cast<size_t>(length);
  return bytes.substr(at - static_cast<size_t>(length), static_cast<size_t>(length));
}

Bytes to_bytes(const void* data, size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

const void* data_of(const Bytes& bytes) { return bytes ? bytes->data() : nullptr; }
size_t size_of(const Bytes& bytes) { return bytes ? bytes->size() : 0; }

Record to_record(rd_kafka_message_t* message) {
  Record record;
  record.offset = message->offset;
  record.timestamp = rd_kafka_message_timestamp(message, nullptr);
  record.key = to_bytes(message->key, message->key_len);
  record.value = to_bytes(message->payload, message->len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name;
    const void* value;
    size_t size;
    for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; i++) {
      record.headers.emplace_back(name, to_bytes(value, size));
    }
  }
  return record;
}

std::string inflate(const Batch& batch) {
  tidemark::Inflater inflater;
  tidemark::ByteBuffer out;
  const auto* bytes = reinterpret_cast<const uint8_t*>(batch.records.data());
  if (inflater.inflate(batch.header.attributes & 7, bytes, batch.records.size(), out) !=
      tidemark::Inflater::Outcome::kOk) {
    throw std::runtime_error("the records section cannot be decompressed");
  }
  return std::string(reinterpret_cast<const char*>(out.data()), out.size());
}

/// Reads partition 0 of a topic; `take` gets each message and returns the position after it.
template <typename Take>
void consume(const Config& config, const std::string& topic, int64_t start, int64_t end, Take take,
             int64_t inflated_max_bytes = 0) {
  Handle consumer = make_handle(RD_KAFKA_CONSUMER, config);
  rd_kafka_record_batch_fetch_limits_t limits = fetch_limits(config);
  limits.inflated_max_bytes = inflated_max_bytes;
  rd_kafka_record_batch_set_fetch_limits(consumer.get(), &limits);
  rd_kafka_topic_t* handle = rd_kafka_topic_new(consumer.get(), topic.c_str(), nullptr);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(consumer.get());
  EXPECT_EQ(rd_kafka_consume_start_queue(handle, 0, start, queue), 0);

  const auto deadline = Clock::now() + kDeadline;
  int64_t position = start;
  while (position < end) {
    if (Clock::now() > deadline) {
      ADD_FAILURE() << "read " << position << " of " << end << " offsets of " << topic;
      break;
    }
    rd_kafka_message_t* message = rd_kafka_consume_queue(queue, 100);
    if (message == nullptr) continue;
    const rd_kafka_resp_err_t err = message->err;
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      position = take(message);
    } else if (err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      position = std::max(position, message->offset);
    } else {
      ADD_FAILURE() << rd_kafka_err2name(err) << " " << rd_kafka_message_errstr(message);
    }
    rd_kafka_message_destroy(message);
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR && err != RD_KAFKA_RESP_ERR__PARTITION_EOF) break;
  }
  rd_kafka_consume_stop(handle, 0);
  rd_kafka_queue_destroy(queue);
  rd_kafka_topic_destroy(handle);
}

}  // namespace

Handle make_handle(rd_kafka_type_t type, const Config& config) {
  char error[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : config) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error, sizeof error) !=
        RD_KAFKA_CONF_OK) {
      throw std::runtime_error(error);
    }
  }
  rd_kafka_t* rk = rd_kafka_new(type, conf, error, sizeof error);
  if (rk == nullptr) throw std::runtime_error(error);
  return Handle(rk);
}

rd_kafka_record_batch_fetch_limits_t fetch_limits(const Config& config) {
  const auto bytes = [&](const char* name, int otherwise) {
    const auto found = config.find(name);
    return found == config.end() ? otherwise : std::stoi(found->second);
  };
  rd_kafka_record_batch_fetch_limits_t limits{};
  limits.queued_max_bytes = 64 * 1024 * 1024;
  limits.queued_min_messages = 100'000;
  limits.fetch_message_max_bytes = bytes("fetch.message.max.bytes", 1'048'576);
  limits.fetch_max_bytes = bytes("fetch.max.bytes", 52'428'800);
  return limits;
}

std::vector<Record> decode(const Batch& batch) {
  const auto& header = batch.header;
  if (header.is_compressed) {
    Batch plain{header, inflate(batch), batch.op};
    plain.header.is_compressed = 0;
    return decode(plain);
  }
  const bool log_append_time = (header.attributes & (1 << 3)) != 0;
  std::vector<Record> records;
  size_t at = 0;
  while (at < batch.records.size()) {
    const int64_t length = read_varint(batch.records, at);
    const size_t end = at + static_cast<size_t>(length);
    at++;  // attributes
    Record record;
    record.timestamp = header.base_timestamp + read_varint(batch.records, at);
    if (log_append_time) record.timestamp = header.max_timestamp;
    record.offset = header.base_offset + read_varint(batch.records, at);
    record.key = read_bytes(batch.records, at);
    record.value = read_bytes(batch.records, at);
    for (int64_t left = read_varint(batch.records, at); left > 0; left--) {
      Bytes name = read_bytes(batch.records, at);
      record.headers.emplace_back(name.value(), read_bytes(batch.records, at));
    }
    if (at != end) throw std::runtime_error("record does not end where it says");
    records.push_back(std::move(record));
  }
  if (static_cast<int32_t>(records.size()) != header.record_count) {
    throw std::runtime_error("another number of records than the header says");
  }
  return records;
}

std::vector<Record> decode(const std::vector<Batch>& batches) {
  std::vector<Record> all;
  for (const Batch& batch : batches) {
    if (batch.header.kind != RD_KAFKA_RECORD_BATCH_RECORDS) continue;
    for (Record& record : decode(batch))
      all.push_back(std::move(record));
  }
  return all;
}

MockKafka::MockKafka(int brokers)
    : owner_(make_handle(RD_KAFKA_PRODUCER, {})),
      cluster_(rd_kafka_mock_cluster_new(owner_.get(), brokers)) {}

MockKafka::~MockKafka() { rd_kafka_mock_cluster_destroy(cluster_); }

void MockKafka::create_topic(const std::string& topic, int partitions) {
  ASSERT_EQ(rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1),
            RD_KAFKA_RESP_ERR_NO_ERROR);
}

Config MockKafka::with_cluster(Config config) const {
  config["bootstrap.servers"] = rd_kafka_mock_cluster_bootstraps(cluster_);
  return config;
}

void MockKafka::produce(const std::string& topic, const std::vector<Record>& records,
                        const std::string& codec, int batch_records) {
  Handle producer = make_handle(RD_KAFKA_PRODUCER,
                                with_cluster({{"compression.codec", codec},
                                              {"batch.num.messages", std::to_string(batch_records)},
                                              {"batch.size", "2147483647"},
                                              {"message.max.bytes", "100000000"},
                                              {"queue.buffering.max.messages", "0"},
                                              {"linger.ms", "60000"}}));
  size_t in_batch = 0;
  for (const Record& record : records) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const auto& [name, value] : record.headers) {
      rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), data_of(value),
                          static_cast<ssize_t>(size_of(value)));
    }
    // librdkafka's macros do not put their arguments in parentheses.
    const void* key = data_of(record.key);
    void* value = const_cast<void*>(data_of(record.value));
    const size_t key_size = size_of(record.key);
    const size_t value_size = size_of(record.value);
    ASSERT_EQ(rd_kafka_producev(producer.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
                                RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                RD_KAFKA_V_TIMESTAMP(record.timestamp),
                                RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_VALUE(value, value_size),
                                RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END),
              RD_KAFKA_RESP_ERR_NO_ERROR);
    // A full batch goes out at once. A flush while more are queued may cut one short.
    if (++in_batch % static_cast<size_t>(batch_records) == 0 && batch_records > 1) {
      while (rd_kafka_outq_len(producer.get()) > 0)
        rd_kafka_poll(producer.get(), 1);
    }
  }
  const auto deadline_ms = static_cast<int>(std::chrono::milliseconds(kDeadline).count());
  ASSERT_EQ(rd_kafka_flush(producer.get(), deadline_ms), RD_KAFKA_RESP_ERR_NO_ERROR);
}

size_t MockKafka::count_fetches() {
  constexpr int16_t kFetch = 1;
  size_t all = 0;
  size_t fetches = 0;
  rd_kafka_mock_request_t** requests = rd_kafka_mock_get_requests(cluster_, &all);
  for (size_t i = 0; i < all; i++)
    fetches += rd_kafka_mock_request_api_key(requests[i]) == kFetch;
  rd_kafka_mock_request_destroy_array(requests, all);
  return fetches;
}

bool MockKafka::wait_for_fetches(size_t count) {
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  while (count_fetches() < count) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

std::vector<Record> MockKafka::read_records(const std::string& topic, int64_t start, int64_t end,
                                            const Config& config) {
  Config all = with_cluster(config);
  all["enable.partition.eof"] = "true";
  all.insert({"fetch.wait.max.ms", "10"});
  std::vector<Record> records;
  consume(all, topic, start, end, [&](rd_kafka_message_t* message) {
    EXPECT_EQ(rd_kafka_message_is_record_batch(message), 0);
    EXPECT_EQ(rd_kafka_message_record_batch_bytes(message), 0u);
    records.push_back(to_record(message));
    return message->offset + 1;
  });
  return records;
}

BatchesRead MockKafka::read_batches(const std::string& topic, int64_t start, int64_t end,
                                    const Config& config, int64_t inflated_max_bytes) {
  Config all = with_cluster(config);
  all["consume.record.batches"] = "true";
  all["check.crcs"] = "true";
  all.insert({"fetch.wait.max.ms", "10"});
  BatchesRead read;
  const auto take = [&](rd_kafka_message_t* message) {
    EXPECT_EQ(rd_kafka_message_is_record_batch(message), 1);
    const size_t bytes = rd_kafka_message_record_batch_bytes(message);
    EXPECT_GE(bytes, message->len + 400);
    EXPECT_LE(bytes, message->len * 4 / 3 + 404);
    size_t cursor = 0;
    Batch batch;
    batch.op = read.ops++;
    while (rd_kafka_message_next_record_batch(message, &cursor, &batch.header)) {
      EXPECT_EQ(batch.header.records == nullptr, batch.header.size == 0);
      batch.records.assign(static_cast<const char*>(batch.header.records), batch.header.size);
      batch.header.records = nullptr;
      read.batches.push_back(batch);
    }
    EXPECT_EQ(message->offset, batch.header.last_offset);
    return message->offset + 1;
  };
  consume(all, topic, start, end, take, inflated_max_bytes);
  return read;
}

}  // namespace tidemark_test
