#include "kafka/kafka_source.h"

#include <algorithm>
#include <utility>

#include "errors.h"
#include "kafka/fetch_limits.h"
#include "kafka/kafka_error.h"
#include "kafka/reaper.h"

namespace tidemark {
namespace {

// At the end of the logs a broker keeps a fetch so long when it has nothing new, as Kafka's own
// consumer has it; a record that arrives in what was asked for ends the wait at once. Idle managers
// at the replay's 10 ms cost a quarter of a core.
constexpr int kLiveWaitAtEndsMs = 500;
constexpr int kLogNotice = 5;  // as in syslog

// A topic that is created again or given more partitions is noticed within two of these, one that
// is deleted within three.
constexpr auto kTopicCheckPeriod = std::chrono::milliseconds(2'500);

}  // namespace

void KafkaSource::open(const Demand& demand, SourceEvents& events, Bell& bell) {
  demand_ = demand;
  events_ = &events;
  bell_ = &bell;
  listener_.on_log = [this](LogLine line) {
    if (opening_) opening_->on_log(line);
    events_->on_log(std::move(line));
  };
  listener_.on_token_request = [this] { events_->on_token_request(); };
  listener_.on_client_event = [this](ClientEvent event) { on_client_event(std::move(event)); };
  {
    std::lock_guard<std::mutex> lock(client_mutex_);
    failure_ = client_.open(
        {config_, demand_.read_committed},
        [](rd_kafka_t*, void* opaque) { static_cast<Bell*>(opaque)->ring(); }, bell_);
  }
  if (failure_.ok()) opening_.emplace(client_, config_, demand_);
}

Clock::time_point KafkaSource::serve(Clock::time_point now) {
  if (!failure_.ok() && !std::exchange(is_over_, true)) events_->on_failed(failure_);
  if (is_over_) return Clock::time_point::max();
  if (opening_) return serve_opening(now);
  serve_stream(now);
  return next_topic_check_;
}

Clock::time_point KafkaSource::serve_opening(Clock::time_point now) {
  while (EventPtr answer = client_.serve(listener_))
    opening_->on_answer(answer.get());
  const Clock::time_point next = opening_->serve(now);
  const std::optional<Status> outcome = opening_->outcome(now);
  if (!outcome) return next;
  if (!outcome->ok()) {
    is_over_ = true;
    events_->on_failed(*outcome);
    return Clock::time_point::max();
  }
  std::vector<AssignedPartition> partitions = opening_->lookup().take_partitions();
  for (const AssignedPartition& partition : partitions) {
    if (topics_.empty() || topics_.back().name != partition.id.topic)
      topics_.push_back({partition.id.topic, partition.gap_policy, partition.identity});
  }
  added_ = opening_->lookup().take_added();
  topic_watch_.watch(opening_->lookup().take_topics());
  opening_.reset();
  next_topic_check_ = now + kTopicCheckPeriod;
  assign(std::move(partitions));
  return next_topic_check_;
}

void KafkaSource::serve_stream(Clock::time_point now) {
  TopicChanges changes;
  while (EventPtr answer = client_.serve(listener_)) {
    // What the watch does not know came too late to be wanted.
    topic_watch_.take(answer.get(), &changes);
  }
  for (const auto& [topic, err, reason] : changes.faults)
    fail_partitions_of(topic, err, reason);
  added_.insert(added_.end(), changes.added.begin(), changes.added.end());
  assign_added();
  if (now < next_topic_check_) return;
  next_topic_check_ = now + kTopicCheckPeriod;
  topic_watch_.ask();
}

// New partitions take no part in the replay, whose end offsets are fixed: they join in live, each
// from its beginning.
void KafkaSource::assign_added() {
  if (!is_live_ || added_.empty()) return;
  std::vector<AssignedPartition> assigned;
  for (const auto& [id, start_offset] : std::exchange(added_, {})) {
    const std::string& topic = id.topic;
    const auto known = std::find_if(topics_.begin(), topics_.end(),
                                    [&topic](const Topic& one) { return one.name == topic; });
    assigned.push_back({id, {start_offset, start_offset}, known->gap_policy});
    assigned.back().identity = known->identity;
    events_->on_log({kLogNotice, "PARTITION",
                     "topic '" + topic + "' has a new partition, " + std::to_string(id.partition) +
                         ": read from offset " + std::to_string(start_offset)});
    ClientEvent event(ClientEvent::Type::kPartitionAdded);
    event.topic = topic;
    event.partition = id.partition;
    event.offset = start_offset;
    events_->on_client_event(std::move(event));
  }
  assign(std::move(assigned));
}

// A record batch that is handed over compressed has the limit of those that librdkafka inflates.
void KafkaSource::assign(std::vector<AssignedPartition> partitions) {
  const size_t most = client_.receive_limit();
  for (AssignedPartition& partition : partitions)
    partition.most_inflated_bytes = most;
  events_->on_assigned(std::move(partitions));
}

void KafkaSource::fail_partitions_of(const std::string& topic, rd_kafka_resp_err_t err,
                                     const char* reason) {
  // It waits for other sources to open: nothing is fetched yet, and what was looked up is of no
  // use.
  if (partitions_.empty()) {
    is_over_ = true;
    return events_->on_failed(kafka_error_at({topic}, err, reason));
  }
  for (const auto& partition : partitions_) {
    if (partition && partition->id().topic == topic)
      events_->on_partition_failed(partition->handle(), partition->fault(err, reason));
  }
}

void KafkaSource::on_client_event(ClientEvent event) {
  // Those of bootstrap.servers that have no id yet lead nothing.
  if (event.type == ClientEvent::Type::kBrokerUp && event.broker_id >= 0)
    connected_.insert(event.broker_id);
  if (event.type == ClientEvent::Type::kBrokerDown) connected_.erase(event.broker_id);
  if (opening_) {
    opening_->on_client_event(event);
  } else {
    note_authentication(event);
  }
  events_->on_client_event(std::move(event));
}

// One refusal may be of a broker that has just started, or of a password that is being changed; one
// that lasts is a fault of the partitions that this broker leads, and of those that have no leader
// if no other broker is left to tell one: a broker that is stopped to get another password may say
// so last. An error that names no broker says that a token could not be had: the connections that
// there are live on.
void KafkaSource::note_authentication(const ClientEvent& event) {
  if (event.type == ClientEvent::Type::kBrokerUp) failures_.forget(event.broker_id);
  const auto err = static_cast<rd_kafka_resp_err_t>(event.kafka_code);
  if (!refuses_client(err) || event.broker_id < 0) return;
  if (!failures_.is_lasting(event.broker_id, Clock::now())) return;
  for (const auto& partition : partitions_) {
    if (!partition) continue;
    const int32_t broker_id = client_.progress_of(partition->id()).broker_id;
    const bool is_lost = broker_id < 0 && connected_.empty();
    if (broker_id != event.broker_id && !is_lost) continue;
    events_->on_partition_failed(partition->handle(), partition->fault(err, event.message.c_str()));
  }
}

// --- partitions ---------------------------------------------------------------------------------

size_t KafkaSource::share_budget(size_t bytes, size_t partitions) {
  const FetchLimits limits = FetchLimits::of(bytes, partitions);
  client_.set_fetch_limits(limits);
  return limits.share_bytes;
}

Status KafkaSource::start(PartitionHandle partition, const AssignedPartition& assigned) {
  if (partition.slot >= partitions_.size()) partitions_.resize(partition.slot + 1);
  std::unique_ptr<KafkaPartition>& place = partitions_[partition.slot];
  place = std::make_unique<KafkaPartition>(partition, assigned, *bell_);
  // One that was added in live is begun without a look at its end.
  return place->start(client_.handle(), !is_live_);
}

KafkaPartition* KafkaSource::find(PartitionHandle partition) const {
  if (partition.slot >= partitions_.size()) return nullptr;
  KafkaPartition* const found = partitions_[partition.slot].get();
  return found && found->handle() == partition ? found : nullptr;
}

void KafkaSource::stop(PartitionHandle partition) {
  if (KafkaPartition* const found = find(partition)) found->stop();
}

Source::Taken KafkaSource::take(PartitionHandle partition, size_t room, PartitionInput& input) {
  KafkaPartition* const found = find(partition);
  if (!found) return Taken();
  const Taken taken = found->take(room, input);
  if (const ClientEvent* error = found->take_error()) events_->on_client_event(*error);
  return taken;
}

void KafkaSource::enter_live() {
  is_live_ = true;
  client_.set_live(kLiveWaitAtEndsMs);
  if (!added_.empty()) bell_->ring();
}

Progress KafkaSource::progress(PartitionHandle partition) {
  KafkaPartition& found = *find(partition);
  const Client::Progress known = client_.progress_of(found.id());
  // What went wrong before is over.
  if (known.end_offset == found.position()) found.forget_error();
  return {known.end_offset, known.err != RD_KAFKA_RESP_ERR_NO_ERROR};
}

StallFacts KafkaSource::stall_facts(PartitionHandle partition) const {
  const KafkaPartition& found = *find(partition);
  const Client::Progress known = client_.progress_of(found.id());
  StallFacts facts;
  facts.where = client_.brokers().describe(known.broker_id);
  facts.throttled_ms = known.throttled_ms;
  if (const ClientEvent* error = found.last_error()) {
    facts.last_error = error->message;
    facts.kafka_code = error->kafka_code;
  } else if (known.err) {
    facts.last_error = rd_kafka_err2str(known.err);
    facts.kafka_code = known.err;
  }
  return facts;
}

// --- from any thread ----------------------------------------------------------------------------

Status KafkaSource::set_oauth_token(const std::string& token, int64_t lifetime_ms,
                                    const std::string& principal) {
  std::lock_guard<std::mutex> lock(client_mutex_);
  if (!client_.handle()) return closed("the manager");
  return client_.set_oauth_token(token, lifetime_ms, principal);
}

void KafkaSource::set_oauth_token_failure(const std::string& reason) {
  std::lock_guard<std::mutex> lock(client_mutex_);
  if (client_.handle()) client_.set_oauth_token_failure(reason);
}

SourceMemory KafkaSource::memory() {
  std::lock_guard<std::mutex> lock(client_mutex_);
  return client_.handle() ? client_.memory() : SourceMemory();
}

// Order matters: rd_kafka_destroy never returns while a message, queue or topic is still held.
void KafkaSource::close(std::chrono::milliseconds timeout) {
  opening_.reset();
  partitions_.clear();
  rd_kafka_t* handle;
  {
    std::lock_guard<std::mutex> lock(client_mutex_);
    handle = client_.detach();
  }
  if (handle) reap(handle, timeout);
}

}  // namespace tidemark
