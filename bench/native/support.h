// What the programs share: arguments, a librdkafka handle, clocks, and the line of figures.
#pragma once

#include <librdkafka/rdkafka.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tidemark {

using TopicPtr = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;
using HandlePtr = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;
using Properties = std::vector<std::pair<std::string, std::string>>;

[[noreturn]] inline void fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  // Not exit(): librdkafka's threads still run, and destructors of statics would race with them.
  std::fflush(stderr);
  std::_Exit(1);
}

// `--name value` pairs. Every argument must be one that the program asked for by the end.
class Arguments {
 public:
  Arguments(int argc, char** argv) {
    for (int i = 1; i < argc; i += 2) {
      const std::string name = argv[i];
      if (name.compare(0, 2, "--") != 0 || i + 1 == argc)
        fail("expected --name value, got " + name);
      values_[name.substr(2)] = argv[i + 1];
    }
  }

  std::string text(const std::string& name) {
    const auto found = values_.find(name);
    if (found == values_.end()) fail("--" + name + " is needed");
    std::string value = found->second;
    values_.erase(found);
    return value;
  }
  std::string text(const std::string& name, const std::string& fallback) {
    return values_.count(name) ? text(name) : fallback;
  }
  int64_t number(const std::string& name) { return parse(name, text(name)); }
  int64_t number(const std::string& name, int64_t fallback) {
    return values_.count(name) ? number(name) : fallback;
  }
  // "100" or "16-65536": the smallest and the largest.
  std::pair<int64_t, int64_t> range(const std::string& name, const std::string& fallback) {
    const std::string value = text(name, fallback);
    const size_t dash = value.find('-');
    if (dash == std::string::npos) return {parse(name, value), parse(name, value)};
    return {parse(name, value.substr(0, dash)), parse(name, value.substr(dash + 1))};
  }
  void end() const {
    if (!values_.empty()) fail("unknown argument --" + values_.begin()->first);
  }

 private:
  static int64_t parse(const std::string& name, const std::string& value) {
    char* end;
    const int64_t number = std::strtoll(value.c_str(), &end, 10);
    if (value.empty() || *end) fail("--" + name + " is not a number: " + value);
    return number;
  }

  std::map<std::string, std::string> values_;
};

inline HandlePtr make_handle(rd_kafka_type_t type, const Properties& properties,
                             void (*on_delivery)(rd_kafka_t*, const rd_kafka_message_t*,
                                                 void*) = nullptr) {
  char reason[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : properties) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof(reason)) !=
        RD_KAFKA_CONF_OK)
      fail(reason);
  }
  if (on_delivery) rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rd_kafka_t* handle = rd_kafka_new(type, conf, reason, sizeof(reason));
  if (!handle) fail(reason);
  return HandlePtr(handle, rd_kafka_destroy);
}

struct Span {
  int64_t start;
  int64_t end;
};

// Start and end offsets of every partition of a topic, in its order: one request a kind and broker.
// The error is empty or the reason why they cannot be had now.
inline std::string find_topic_spans(rd_kafka_t* handle, rd_kafka_topic_t* topic,
                                    std::vector<Span>* spans) {
  constexpr int kTimeoutMs = 10'000;
  const rd_kafka_metadata_t* metadata;
  if (rd_kafka_resp_err_t err = rd_kafka_metadata(handle, 0, topic, &metadata, kTimeoutMs))
    return rd_kafka_err2str(err);
  const int partitions = metadata->topics[0].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  if (partitions == 0) return "no such topic";

  spans->assign(static_cast<size_t>(partitions), Span{0, 0});
  const auto resolve = [&](int64_t special, int64_t Span::*member) {
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
    for (int i = 0; i < partitions; ++i)
      rd_kafka_topic_partition_list_add(list, rd_kafka_topic_name(topic), i)->offset = special;
    rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(handle, list, kTimeoutMs);
    for (int i = 0; i < partitions && !err; ++i) {
      err = list->elems[i].err;
      (*spans)[static_cast<size_t>(list->elems[i].partition)].*member = list->elems[i].offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return err;
  };
  rd_kafka_resp_err_t err = resolve(RD_KAFKA_OFFSET_BEGINNING, &Span::start);
  if (!err) err = resolve(RD_KAFKA_OFFSET_END, &Span::end);
  return err ? rd_kafka_err2str(err) : "";
}

// Waits for a topic that was created a moment ago: its partitions have no leader at first.
inline std::vector<Span> topic_spans(rd_kafka_t* handle, rd_kafka_topic_t* topic) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::vector<Span> spans;
  for (;;) {
    const std::string error = find_topic_spans(handle, topic, &spans);
    if (error.empty()) return spans;
    if (std::chrono::steady_clock::now() > deadline)
      fail(std::string(rd_kafka_topic_name(topic)) + ": " + error);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

inline int64_t count_records(const std::vector<Span>& spans) {
  int64_t records = 0;
  for (const Span& span : spans)
    records += span.end - span.start;
  return records;
}

inline double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// User and system time of the whole process.
inline double cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Epoch milliseconds.
inline double wall_clock_ms() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Not getrusage's, where there is /proc: that one starts with what the parent had when it forked.
inline int64_t peak_rss_bytes() {
  long long kib = 0;
  if (std::FILE* status = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof(line), status) && std::sscanf(line, "VmHWM: %lld", &kib) != 1) {
    }
    std::fclose(status);
  }
  return kib * 1024;
}

}  // namespace tidemark
