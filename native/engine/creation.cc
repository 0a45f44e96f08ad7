#include "engine/creation.h"

#include <algorithm>
#include <utility>

#include "kafka/fetch_limits.h"
#include "kafka/kafka_error.h"

namespace tidemark {
namespace {

constexpr auto kRetryPause = std::chrono::milliseconds(50);

}  // namespace

Creation::Creation(const EngineOptions& options, Client& client, const ClientListener& listener,
                   WakeUp& wake_up, const std::atomic<bool>& closing)
    : options_(options),
      client_(client),
      listener_(listener),
      wake_up_(wake_up),
      closing_(closing),
      deadline_(Clock::now() + std::chrono::milliseconds(options.create_timeout_ms)),
      resolver_(client, *this) {
  listener_.on_log = [this, &listener](LogLine line) {
    hear(line);
    listener.on_log(std::move(line));
  };
  listener_.on_notice = [this, &listener](Notice notice) {
    hear(notice);
    listener.on_notice(std::move(notice));
  };
}

Status Creation::run() {
  Status status = resolver_.resolve(
      options_.topics, options_.client.read_committed, options_.cutoff,
      [this](size_t partitions) { return check_budget(partitions); }, &partitions_);
  if (is_refused_) return *refusal_;
  if (closing_) return Status::error(ErrorCode::kClosed, "the manager was closed while it opened");
  if (status.code == ErrorCode::kCreateTimeout) return explain_timeout(std::move(status));
  return status;
}

void Creation::hear(const Notice& notice) {
  // That all brokers are down says nothing of why; what was said of one of them does.
  const bool is_all_down = notice.type == Notice::Type::kAllBrokersDown;
  if (notice.type == Notice::Type::kError || (is_all_down && last_error_.empty()))
    last_error_ = notice.message;
  take_refusal(notice);
}

// "[thrd:app]: Configuration property …": the thread is of no use to a reader.
void Creation::hear(const LogLine& line) {
  if (line.facility != "CONFWARN") return;
  const size_t thread_end = line.message.find("]: ");
  warnings_ += "; librdkafka warns: " +
               line.message.substr(thread_end == std::string::npos ? 0 : thread_end + 3);
}

// One broker of several may refuse, as long as it has nothing that is asked for. There is no use in
// going on when all are down and one of them refuses, which is told at once; when one that is
// needed refuses again and again; or when no broker is to blame, but a token that could not be had.
void Creation::take_refusal(const Notice& notice) {
  const auto err = static_cast<rd_kafka_resp_err_t>(notice.kafka_code);
  if (refuses_client(err)) {
    refusal_ = kafka_error(err, "connecting", notice.message.c_str());
    is_refused_ |= notice.broker.empty();
    // Those without an id are of bootstrap.servers: any of them will do.
    is_refused_ |= notice.broker_id >= 0 && refusals_.stays(notice.broker_id, Clock::now());
  } else if (notice.type == Notice::Type::kBrokerUp) {
    refusals_.pass(notice.broker_id);
    if (!is_refused_) refusal_.reset();
  } else if (notice.type == Notice::Type::kAllBrokersDown) {
    is_refused_ |= refusal_.has_value();
  }
}

// --- waiting ----------------------------------------------------------------------------------

bool Creation::is_over() const { return closing_ || is_refused_ || Clock::now() >= deadline_; }

EventPtr Creation::next_answer() {
  std::vector<uint32_t> rung;
  for (;;) {
    EventPtr answer = client_.serve(listener_);
    if (answer || is_over()) return answer;
    wake_up_.wait_until(deadline_, &rung);
  }
}

int Creation::remaining_ms() const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

bool Creation::pause_before_retry() {
  const auto until = Clock::now() + kRetryPause;
  std::vector<uint32_t> rung;
  while (!is_over() && Clock::now() < until)
    wake_up_.wait_until(until, &rung);
  return !is_over();
}

// --- why it failed ----------------------------------------------------------------------------

Status Creation::check_budget(size_t partitions) const {
  const size_t least = partitions * kMinBudgetPerPartition;
  if (options_.budget_of(partitions) >= least) return Status();
  return Status::error(ErrorCode::kInvalidOption,
                       "maxBufferedBytes: " + std::to_string(options_.max_buffered_bytes) +
                           " bytes are too few for " + std::to_string(partitions) +
                           " partitions; give at least " + std::to_string(least) +
                           " (64 KiB a partition)");
}

Status Creation::explain_timeout(Status status) const {
  status.retriable = true;
  const std::string within = std::to_string(options_.create_timeout_ms) + " ms (createTimeoutMs)";
  if (!status.topic.empty()) {  // the brokers answer, but not for this topic
    status.message += "; given up after " + within + warnings_;
    return status;
  }
  std::string servers;
  for (const auto& [name, value] : options_.client.config) {
    if (name == "bootstrap.servers" || name == "metadata.broker.list") servers = value;
  }
  status.message += ": no answer from '" + servers + "' within " + within;
  if (!last_error_.empty()) status.message += "; last error: " + last_error_;
  status.message += warnings_;
  status.message +=
      "; check 'bootstrap.servers', that the brokers run and that their advertised "
      "listeners can be reached from here";
  return status;
}

}  // namespace tidemark
