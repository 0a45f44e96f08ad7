// MockKafka: a cluster of librdkafka's mock brokers with a producer, and two readers of a
// partition: record by record as upstream has it, and record batch by record batch as the patch has
// it.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <librdkafka/rdkafka_record_batch.h>
#include <librdkafka/rdkafka_record_batch_settings.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace tidemark_test {

using Bytes = std::optional<std::string>;
using Config = std::map<std::string, std::string>;

struct Record {
  int64_t offset = -1;
  int64_t timestamp = -1;
  Bytes key;
  Bytes value;
  std::vector<std::pair<std::string, Bytes>> headers;

  bool operator==(const Record& other) const {
    return offset == other.offset && timestamp == other.timestamp && key == other.key &&
           value == other.value && headers == other.headers;
  }
};

inline std::ostream& operator<<(std::ostream& out, const Record& record) {
  return out << "{offset " << record.offset << ", timestamp " << record.timestamp << ", key "
             << (record.key ? std::to_string(record.key->size()) + " bytes" : "null") << ", value "
             << (record.value ? std::to_string(record.value->size()) + " bytes" : "null") << ", "
             << record.headers.size() << " headers}";
}

/// A record batch as it was handed over, with its records section copied.
struct Batch {
  rd_kafka_record_batch_t header;
  std::string records;
  size_t op;  // which of those that were handed over has it
};

/// What a reader of record batches saw.
struct BatchesRead {
  std::vector<Batch> batches;
  size_t ops = 0;
};

struct DestroyHandle {
  void operator()(rd_kafka_t* rk) const { rd_kafka_destroy(rk); }
};
using Handle = std::unique_ptr<rd_kafka_t, DestroyHandle>;

/// The fetch limits of a consumer with this configuration, to be changed and set before the handle
/// of a topic is made.
rd_kafka_record_batch_fetch_limits_t fetch_limits(const Config& config);

/// A handle; a configuration that is refused fails the test and ends it.
Handle make_handle(rd_kafka_type_t type, const Config& config);

/// The records of a batch, compressed or not. Throws std::runtime_error on any byte that is not as
/// the format says.
std::vector<Record> decode(const Batch& batch);

/// The records of all the batches with data.
std::vector<Record> decode(const std::vector<Batch>& batches);

class MockKafka {
 public:
  explicit MockKafka(int brokers = 1);
  ~MockKafka();

  void create_topic(const std::string& topic, int partitions);

  /// Produces to partition 0 in record batches of `batch_records`, all of them written on return.
  /// A record's offset is not used; its timestamp must not be 0 (librdkafka takes that for now).
  void produce(const std::string& topic, const std::vector<Record>& records,
               const std::string& codec = "none", int batch_records = 1);

  /// Reads partition 0 from `start` up to `end`. Fails the test if that takes too long.
  std::vector<Record> read_records(const std::string& topic, int64_t start, int64_t end,
                                   const Config& config = {});
  /// With `inflated_max_bytes` as in rdkafka_record_batch_settings.h.
  BatchesRead read_batches(const std::string& topic, int64_t start, int64_t end,
                           const Config& config = {}, int64_t inflated_max_bytes = 0);

  /// How many fetches the cluster, which tracks requests, has got.
  size_t count_fetches();
  /// Waits until it has got `count`; false after 30 s.
  bool wait_for_fetches(size_t count);

  /// `config` and what is needed to reach the cluster.
  Config with_cluster(Config config) const;

  rd_kafka_mock_cluster_t* cluster() { return cluster_; }

 private:
  Handle owner_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace tidemark_test
