#include "node/engine_options.h"

#include <chrono>
#include <optional>
#include <utility>

#include "capture/capture_source.h"
#include "node/option_reader.h"
#include "segments/segment_source.h"
#include "token/token.h"

namespace tidemark {
namespace {

using std::chrono::milliseconds;

milliseconds milliseconds_of(OptionReader& reader, const char* name) {
  return milliseconds(static_cast<int64_t>(reader.number(name)));
}

// Where the partitions start that have no offset of their own.
void read_start(OptionReader& reader, TopicDemand* topic) {
  const std::string start = reader.string("start");
  topic->start.kind = start == "latest"      ? Start::Kind::kLatest
                      : start == "timestamp" ? Start::Kind::kTime
                                             : Start::Kind::kEarliest;
  topic->start.time = static_cast<int64_t>(reader.number("timestampMs"));
  topic->partitions.needs_starts = start == "none";
}

OutOfRange read_out_of_range(OptionReader& reader) {
  const std::string out_of_range = reader.string("outOfRange");
  return out_of_range == "earliest" ? OutOfRange::kEarliest
         : out_of_range == "latest" ? OutOfRange::kLatest
                                    : OutOfRange::kFail;
}

std::map<int32_t, int64_t> read_offsets(OptionReader& topic, const char* name, std::string* fault) {
  std::map<int32_t, int64_t> offsets;
  for (const Napi::Object& each : topic.array(name)) {
    OptionReader reader(each, std::string(name) + "[]");
    offsets[static_cast<int32_t>(reader.number("partition"))] = reader.bigint("offset");
    if (fault->empty()) *fault = reader.fault();
  }
  return offsets;
}

TopicDemand read_topic(OptionReader reader, std::string* fault) {
  TopicDemand topic;
  topic.name = reader.string("name");
  read_start(reader, &topic);
  PartitionDemands& partitions = topic.partitions;
  for (const Napi::Object& each : reader.array("partitions")) {
    OptionReader partition(each, "partitions[]");
    partitions.only.insert(static_cast<int32_t>(partition.number("partition")));
    if (fault->empty()) *fault = partition.fault();
  }
  for (const auto& [partition, offset] : read_offsets(reader, "startOffsets", fault))
    partitions.starts[partition] = {Start::Kind::kOffset, 0, offset};
  partitions.group = reader.string("group");
  partitions.out_of_range = read_out_of_range(reader);
  partitions.end_offsets = read_offsets(reader, "endOffsets", fault);
  if (fault->empty()) *fault = reader.fault();
  return topic;
}

End read_end(OptionReader& reader) {
  End end;
  if (reader.boolean("endsAtOffsets")) end.kind = End::Kind::kOffsets;
  if (!reader.is_null("cutoffMs"))
    end = {End::Kind::kTime, static_cast<int64_t>(reader.number("cutoffMs"))};
  return end;
}

CaptureOptions read_capture(OptionReader reader, std::string* fault) {
  CaptureOptions capture;
  capture.dir = reader.string("dir");
  capture.segment_bytes = static_cast<int64_t>(reader.number("segmentBytes"));
  capture.segment_age = milliseconds_of(reader, "segmentMs");
  capture.max_bytes = static_cast<int64_t>(reader.number("maxBytes"));
  capture.max_age = milliseconds_of(reader, "maxMs");
  capture.max_queued_bytes = static_cast<size_t>(reader.number("maxQueuedBytes"));
  capture.holds_stream = reader.boolean("holdsStream");
  if (fault->empty()) *fault = reader.fault();
  return capture;
}

// Of an object that is not there, that is what is wrong, not what it would have in it.
void note_fault(const OptionReader& reader, std::string* fault) {
  if (std::string own = reader.fault(); !own.empty()) *fault = std::move(own);
}

// The facade has looked at it: what does not parse is told as any other option is.
std::optional<Token> read_resume(OptionReader& reader, std::string* fault) {
  if (reader.is_null("resume")) return std::nullopt;
  Token token;
  const Status status = read_token(reader.string("resume"), &token);
  if (!status.ok() && fault->empty()) *fault = status.message;
  return token;
}

// `demand` is what the stream wants of each of its sources.
void read_source(OptionReader reader, Demand demand, const std::optional<Token>& token,
                 ReadOptions* read) {
  EngineOptions::Input input{reader.string("name"), nullptr, std::move(demand)};
  const Token::Source* const resumed = token ? token->find(input.name) : nullptr;
  if (resumed) input.demand.resume = Resume{token->phase, token->cutoff, *resumed};
  for (const Napi::Object& topic : reader.array("topics"))
    input.demand.topics.push_back(read_topic(OptionReader(topic, "topics[]"), &read->fault));
  Properties config = reader.string_map("config");
  if (reader.is_null("segments")) {
    const auto kafka = std::make_shared<KafkaSource>(std::move(config));
    read->kafka[input.name] = kafka;
    input.source = kafka;
  } else {
    input.source = std::make_shared<SegmentSource>(reader.string("segments"));
  }
  if (!reader.is_null("capture")) {
    input.source = std::make_shared<CaptureSource>(
        std::move(input.source),
        read_capture(OptionReader(reader.object("capture"), "capture"), &read->fault),
        std::make_shared<Disk>());
  }
  note_fault(reader, &read->fault);
  read->engine.inputs.push_back(std::move(input));
}

}  // namespace

ReadOptions read_options(const Napi::Object& object) {
  OptionReader reader(object, "options");
  ReadOptions read;
  EngineOptions& options = read.engine;
  options.budget = {static_cast<size_t>(reader.number("maxBufferedBytes")),
                    reader.boolean("bufferedBytesMayGrow")};
  Demand demand;
  demand.end = read_end(reader);
  demand.read_committed = reader.boolean("readCommitted");
  demand.budget = options.budget;
  demand.open_timeout = milliseconds_of(reader, "createTimeoutMs");
  const std::optional<Token> token = read_resume(reader, &read.fault);
  for (const Napi::Object& source : reader.array("sources"))
    read_source(OptionReader(source, "sources[]"), demand, token, &read);
  options.columns = choose_columns(reader.strings("columns"));
  options.batch_size = static_cast<size_t>(reader.number("batchSize"));
  options.max_batch_bytes = static_cast<size_t>(reader.number("maxBatchBytes"));
  options.fail_on_late_record = reader.boolean("failOnLateRecord");
  options.digests = reader.boolean("digest");
  options.ends_after_replay = reader.boolean("endsAfterReplay");
  options.wants_logs = reader.boolean("wantsLogs");
  options.wants_client_events = reader.boolean("wantsClientEvents");
  options.stall_timeout = milliseconds_of(reader, "stallTimeoutMs");
  options.close_timeout = milliseconds_of(reader, "closeTimeoutMs");
  read.transferable = reader.boolean("transferable");
  note_fault(reader, &read.fault);
  return read;
}

}  // namespace tidemark
