#include "test_kit/producer.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "test_kit/packed_record.h"
#include "test_support/mock_kafka.h"

namespace tidemark {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong(60'000);
constexpr milliseconds kNone(0);

using Bytes = std::optional<std::string>;

struct Record {
  int64_t timestamp = 1;
  Bytes key;
  Bytes value;
  std::vector<std::pair<std::string, Bytes>> headers;

  bool operator==(const Record& other) const {
    return timestamp == other.timestamp && key == other.key && value == other.value &&
           headers == other.headers;
  }
};

// As src/testing/packed-records.ts does it.
class Packer {
 public:
  void add(uint32_t topic, int32_t partition, const Record& record) {
    put(topic);
    put(partition);
    put(record.timestamp);
    put(size_of(record.key));
    put(size_of(record.value));
    put(static_cast<uint32_t>(record.headers.size()));
    put(record.key);
    put(record.value);
    for (const auto& [name, value] : record.headers) {
      put(static_cast<int32_t>(name.size()));
      put(size_of(value));
      put(Bytes(name));
      put(value);
    }
  }
  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  static int32_t size_of(const Bytes& bytes) {
    return bytes ? static_cast<int32_t>(bytes->size()) : -1;
  }
  void put(const Bytes& bytes) {
    if (bytes) bytes_.insert(bytes_.end(), bytes->begin(), bytes->end());
  }
  template <typename Number>
  void put(Number number) {
    const auto* data = reinterpret_cast<const uint8_t*>(&number);
    bytes_.insert(bytes_.end(), data, data + sizeof(number));
  }

  std::vector<uint8_t> bytes_;
};

// A producer, and a place to wait for its answers.
class Sender {
 public:
  explicit Sender(Properties config) {
    producer = Producer::start(std::move(config), [this] {
      std::lock_guard<std::mutex> lock(mutex_);
      notified_ = true;
      condition_.notify_one();
    });
  }
  ~Sender() {
    producer->close(kNone);
    producer->join();
  }

  Status answer_to(uint32_t id) {
    const auto deadline = std::chrono::steady_clock::now() + kLong;
    for (;;) {
      for (ProducerAnswer& answer : producer->take_answers()) {
        if (answer.id == id) return std::move(answer.status);
      }
      std::unique_lock<std::mutex> lock(mutex_);
      if (!condition_.wait_until(lock, deadline, [this] { return notified_; })) {
        return Status::error(ErrorCode::kKafka, "no answer");
      }
      notified_ = false;
    }
  }
  Status perform(ProducerTask task, milliseconds timeout = kLong) {
    producer->add(++id_, task, timeout);
    return answer_to(id_);
  }

  std::shared_ptr<Producer> producer;

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool notified_ = false;
  uint32_t id_ = Producer::kOpened;
};

Properties config_of(const MockKafka& kafka, Properties more = {}) {
  more.emplace_back("bootstrap.servers", kafka.bootstrap());
  return more;
}

Bytes bytes_of(const void* data, size_t size) {
  if (!data) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

// The first `count` records of partition 0, headers included.
std::vector<Record> read(const MockKafka& kafka, const char* topic, size_t count) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", kafka.bootstrap().c_str(), nullptr, 0);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_topic_t* handle = rd_kafka_topic_new(consumer, topic, nullptr);
  rd_kafka_consume_start(handle, 0, 0);
  std::vector<Record> records;
  while (records.size() < count) {
    rd_kafka_message_t* message = rd_kafka_consume(handle, 0, static_cast<int>(kLong.count()));
    if (!message) break;
    Record record;
    record.timestamp = rd_kafka_message_timestamp(message, nullptr);
    record.key = bytes_of(message->key, message->key_len);
    record.value = bytes_of(message->payload, message->len);
    rd_kafka_headers_t* headers;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      const char* name;
      const void* value;
      size_t size;
      for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; ++i) {
        record.headers.emplace_back(name, bytes_of(value, size));
      }
    }
    records.push_back(std::move(record));
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consume_stop(handle, 0);
  rd_kafka_topic_destroy(handle);
  rd_kafka_destroy(consumer);
  return records;
}

TEST(PackedRecord, RefusesWhatIsCutShort) {
  Packer packer;
  packer.add(0, 0, {5, "key", "value", {{"name", "value"}, {"null", std::nullopt}}});
  for (size_t size = 0; size < packer.bytes().size(); ++size) {
    // A copy of its own, so that a read past its end is seen.
    const std::vector<uint8_t> cut(packer.bytes().begin(),
                                   packer.bytes().begin() + static_cast<std::ptrdiff_t>(size));
    PackedRecord record;
    EXPECT_EQ(read_packed_record(cut.data(), size, 0, &record), 0u) << size;
  }
  PackedRecord record;
  EXPECT_EQ(read_packed_record(packer.bytes().data(), packer.bytes().size(), 0, &record),
            packer.bytes().size());
  EXPECT_EQ(record.headers.size(), 2u);
}

TEST(ProducerTest, WritesEveryField) {
  MockKafka kafka(1);
  kafka.create_topic("t", 1);
  Sender sender(config_of(kafka));
  ASSERT_TRUE(sender.answer_to(Producer::kOpened).ok());
  const auto topic = static_cast<uint32_t>(sender.producer->topic("t"));
  const std::vector<Record> records = {
      {1'700'000'000'000, "key", "value", {{"a", "1"}, {"a", ""}, {"b", std::nullopt}}},
      {-1, "", "", {}},
      {-5, std::nullopt, std::nullopt, {}},
  };
  Packer packer;
  for (const Record& record : records)
    packer.add(topic, 0, record);
  const SendResult result = sender.producer->send(packer.bytes().data(), packer.bytes().size(), 0);
  EXPECT_TRUE(result.status.ok());
  EXPECT_EQ(result.end, packer.bytes().size());
  EXPECT_TRUE(sender.perform(ProducerTask::kFlush).ok());
  EXPECT_EQ(read(kafka, "t", records.size()), records);
}

TEST(ProducerTest, SaysThatItsQueueIsFullAndWhenThereIsRoom) {
  MockKafka kafka(1);
  kafka.create_topic("t", 1);
  Sender sender(config_of(kafka, {{"queue.buffering.max.messages", "10"}}));
  ASSERT_TRUE(sender.answer_to(Producer::kOpened).ok());
  const auto topic = static_cast<uint32_t>(sender.producer->topic("t"));
  Packer packer;
  std::vector<Record> records;
  for (int i = 0; i < 100; ++i)
    records.push_back({1'000 + i, std::to_string(i), "v", {}});
  for (const Record& record : records)
    packer.add(topic, 0, record);
  size_t waits = 0;
  for (size_t position = 0; position < packer.bytes().size(); ++waits) {
    const SendResult result =
        sender.producer->send(packer.bytes().data(), packer.bytes().size(), position);
    ASSERT_TRUE(result.status.ok());
    position = result.end;
    ASSERT_TRUE(sender.perform(ProducerTask::kWaitForRoom).ok());
  }
  EXPECT_GE(waits, 10u);
  EXPECT_TRUE(sender.perform(ProducerTask::kFlush).ok());
  EXPECT_EQ(read(kafka, "t", records.size()), records);
}

TEST(ProducerTest, AnswersEveryTaskAlsoWhenItEnds) {
  Sender sender(Properties{{"bootstrap.servers", "127.0.0.1:1"}});
  ASSERT_TRUE(sender.answer_to(Producer::kOpened).ok());
  const auto topic = static_cast<uint32_t>(sender.producer->topic("t"));
  Packer packer;
  packer.add(topic, 0, {});
  ASSERT_TRUE(sender.producer->send(packer.bytes().data(), packer.bytes().size(), 0).status.ok());
  sender.producer->add(1, ProducerTask::kFlush, kLong);
  sender.producer->add(2, ProducerTask::kFlush, kLong);
  sender.producer->close(kNone);
  sender.producer->join();
  EXPECT_TRUE(sender.producer->is_closed());
  sender.producer->add(3, ProducerTask::kFlush, kLong);
  std::vector<uint32_t> ids;
  for (const ProducerAnswer& answer : sender.producer->take_answers()) {
    ids.push_back(answer.id);
    EXPECT_EQ(answer.status.code, ErrorCode::kClosed);
  }
  EXPECT_EQ(ids, (std::vector<uint32_t>{1, 2, 3}));
  EXPECT_EQ(sender.producer->last_status().kafka_code, RD_KAFKA_RESP_ERR__TIMED_OUT);
}

TEST(ProducerTest, RefusesAConfigurationWithoutSayingItsValues) {
  Sender sender(Properties{{"linger.ms", "secret"}});
  const Status status = sender.answer_to(Producer::kOpened);
  EXPECT_EQ(status.code, ErrorCode::kInvalidOption);
  EXPECT_NE(status.message.find("'linger.ms'"), std::string::npos);
  EXPECT_EQ(status.message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
