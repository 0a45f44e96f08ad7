#include "test_kit/producer.h"

#include <algorithm>
#include <utility>

#include "errors.h"
#include "kafka/kafka_error.h"
#include "kafka/reaper.h"
#include "start_thread.h"
#include "test_kit/packed_record.h"

namespace tidemark {
namespace {

using std::chrono::milliseconds;

// A call that blocks looks this often whether the producer is being closed.
constexpr milliseconds kSlice(100);
constexpr milliseconds kReapDeadline(5'000);

int slice_until(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp(left, milliseconds(0), kSlice).count());
}

const char* advice(rd_kafka_resp_err_t err) {
  switch (err) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return "; raise 'message.max.bytes' in the producer's config, and the topic's limit";
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return "; the topic has fewer partitions";
    default:
      return "";
  }
}

Status producer_error(rd_kafka_resp_err_t err, const std::string& what, const std::string& reason) {
  Status status = kafka_error(err, what, nullptr);
  // kafka_error's advice is for readers.
  status.message = what + ": " + reason + advice(err);
  return status;
}

}  // namespace

std::shared_ptr<Producer> Producer::start(Properties config, std::function<void()> notify) {
  std::shared_ptr<Producer> producer(new Producer(std::move(notify)));
  Status started =
      start_thread(&producer->thread_, [self = producer.get(), config = std::move(config)] {
        self->answer(kOpened, self->open(config));
        self->run();
      });
  if (!started.ok()) {
    producer->answer(kOpened, std::move(started));
    producer->end(Status());
  }
  return producer;
}

void Producer::run() {
  while (std::optional<Task> task = next_task())
    answer(task->id, perform(*task));
  Status last_status = handle_ ? last_flush() : Status();
  for (rd_kafka_topic_t* topic : topics_)
    rd_kafka_topic_destroy(topic);
  topics_.clear();
  if (handle_) reap(handle_, kReapDeadline);
  end(std::move(last_status));
}

void Producer::end(Status last_status) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const Task& task : tasks_)
      answers_.push_back({task.id, closed("the producer")});
    tasks_.clear();
    last_status_ = std::move(last_status);
    is_closed_ = true;
  }
  notify_();
}

Status Producer::open(const Properties& config) {
  std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> conf(rd_kafka_conf_new(),
                                                                          rd_kafka_conf_destroy);
  char reason[512];
  const auto set = [&](const std::string& name, const std::string& value) {
    return rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof(reason)) ==
           RD_KAFKA_CONF_OK;
  };
  // Defaults that the user may change: a retry keeps the order of the records, and there is no
  // report for each record that was delivered, which would cost as much as sending it.
  set("max.in.flight.requests.per.connection", "1");
  set("delivery.report.only.error", "true");
  for (const auto& [name, value] : config) {
    if (!set(name, value)) return unaccepted_value(name);
  }
  rd_kafka_conf_set_log_cb(conf.get(), nullptr);
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);

  handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), reason, sizeof(reason));
  if (!handle_) return refused_configuration(reason, config);
  conf.release();  // rd_kafka_new took it over
  return Status();
}

int32_t Producer::topic(const std::string& name) {
  rd_kafka_topic_t* topic = rd_kafka_topic_new(handle_, name.c_str(), nullptr);
  if (!topic) return -1;
  topics_.push_back(topic);
  return static_cast<int32_t>(topics_.size() - 1);
}

SendResult Producer::send(const uint8_t* packed, size_t size, size_t begin) {
  size_t position = begin;
  while (position < size) {
    PackedRecord record;
    const size_t end = read_packed_record(packed, size, position, &record);
    if (end == 0 || record.topic >= topics_.size()) {
      return {size, Status::error(ErrorCode::kInvalidOption, "the packed records are damaged")};
    }
    rd_kafka_topic_t* topic = topics_[record.topic];
    rd_kafka_headers_t* headers = nullptr;
    if (!record.headers.empty()) {
      headers = rd_kafka_headers_new(record.headers.size());
      for (const PackedHeader& header : record.headers) {
        rd_kafka_header_add(headers, header.name.data, static_cast<ssize_t>(header.name.size),
                            header.value.data, static_cast<ssize_t>(header.value.size));
      }
    }
    rd_kafka_vu_t fields[7];
    fields[0].vtype = RD_KAFKA_VTYPE_RKT;
    fields[0].u.rkt = topic;
    fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    fields[1].u.i32 = record.partition;
    fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    fields[2].u.i = RD_KAFKA_MSG_F_COPY;
    fields[3].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    fields[3].u.i64 = record.timestamp;
    fields[4].vtype = RD_KAFKA_VTYPE_KEY;
    fields[4].u.mem = {const_cast<char*>(record.key.data), record.key.size};
    fields[5].vtype = RD_KAFKA_VTYPE_VALUE;
    fields[5].u.mem = {const_cast<char*>(record.value.data), record.value.size};
    fields[6].vtype = RD_KAFKA_VTYPE_HEADERS;
    fields[6].u.headers = headers;
    if (rd_kafka_error_t* error = rd_kafka_produceva(handle_, fields, headers ? 7 : 6)) {
      const rd_kafka_resp_err_t err = rd_kafka_error_code(error);
      SendResult result{position, Status()};
      if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        result.end = end;
        Status& status = result.status;
        status = producer_error(err, std::string("sending to ") + rd_kafka_topic_name(topic),
                                rd_kafka_error_string(error));
        status.topic = rd_kafka_topic_name(topic);
        status.partition = record.partition;
        status.retriable = rd_kafka_error_is_retriable(error);
      }
      rd_kafka_error_destroy(error);
      if (headers) rd_kafka_headers_destroy(headers);  // not taken over
      return result;
    }
    position = end;
  }
  return {position, Status()};
}

void Producer::add(uint32_t id, ProducerTask task, milliseconds timeout) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (is_closed_) {
      answers_.push_back({id, closed("the producer")});  // the last notify is still to be heard
    } else {
      tasks_.push_back({id, task, timeout});
    }
  }
  wake_up_.ring();
}

std::vector<ProducerAnswer> Producer::take_answers() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(answers_, {});
}

bool Producer::is_closed() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return is_closed_;
}

bool Producer::is_closing() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return is_closing_;
}

Clock::time_point Producer::close_deadline() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return close_deadline_;
}

Status Producer::last_status() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return last_status_;
}

void Producer::close(milliseconds grace) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_closing_ = true;
    close_deadline_ = std::min(close_deadline_, Clock::now() + grace);
  }
  wake_up_.ring();
}

void Producer::join() {
  if (thread_.joinable()) thread_.join();
}

void Producer::answer(uint32_t id, Status status) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    answers_.push_back({id, std::move(status)});
  }
  notify_();
}

// Events of librdkafka wait meanwhile: they only tell what the next task has to report.
std::optional<Producer::Task> Producer::next_task() {
  std::vector<PartitionHandle> rung;
  for (;;) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (is_closing_) return std::nullopt;
      if (!tasks_.empty()) {
        const Task task = tasks_.front();
        tasks_.pop_front();
        return task;
      }
    }
    wake_up_.wait_until(Clock::time_point::max(), &rung);
  }
}

Status Producer::perform(const Task& task) {
  const Clock::time_point deadline = Clock::now() + task.timeout;
  switch (task.kind) {
    case ProducerTask::kFlush:
      return flush(deadline);
    case ProducerTask::kWaitForRoom:
      return wait_for_room();
    case ProducerTask::kInit:
      return transact("initTransactions", deadline,
                      [this](int ms) { return rd_kafka_init_transactions(handle_, ms); });
    case ProducerTask::kBegin:
      return transact("beginTransaction", deadline,
                      [this](int) { return rd_kafka_begin_transaction(handle_); });
    case ProducerTask::kCommit:
      return transact("commitTransaction", deadline,
                      [this](int ms) { return rd_kafka_commit_transaction(handle_, ms); });
    case ProducerTask::kAbort:
      return transact("abortTransaction", deadline, [this](int ms) {
        rd_kafka_error_t* error = rd_kafka_abort_transaction(handle_, ms);
        if (!error) take_failures();  // records of the transaction: given up on purpose
        return error;
      });
  }
  return Status();
}

Status Producer::flush(Clock::time_point deadline) {
  while (rd_kafka_flush(handle_, slice_until(deadline)) == RD_KAFKA_RESP_ERR__TIMED_OUT) {
    if (is_closing()) return closed("the producer");
    if (Clock::now() >= deadline) return not_acknowledged("flush");
  }
  return take_failures();
}

Status Producer::last_flush() {
  while (rd_kafka_flush(handle_, slice_until(close_deadline())) == RD_KAFKA_RESP_ERR__TIMED_OUT) {
    if (Clock::now() >= close_deadline()) return not_acknowledged("close");
  }
  return take_failures();
}

Status Producer::not_acknowledged(const char* what) const {
  Status status = producer_error(RD_KAFKA_RESP_ERR__TIMED_OUT, what, waiting_for());
  status.retriable = true;
  return status;
}

// With reports of failures only, records that were delivered make room without an event: so this
// looks every ms.
Status Producer::wait_for_room() {
  const int enough = rd_kafka_outq_len(handle_) / 2;
  while (rd_kafka_outq_len(handle_) > enough) {
    if (is_closing()) return closed("the producer");
    rd_kafka_poll(handle_, 1);
  }
  return Status();
}

Status Producer::transact(const char* what, Clock::time_point deadline,
                          const std::function<rd_kafka_error_t*(int)>& call) {
  for (;;) {
    rd_kafka_error_t* error = call(slice_until(deadline));
    if (!error) return Status();
    // A slice that is over, or a coordinator that is still loading, as on a broker's first use.
    const bool goes_on = rd_kafka_error_is_retriable(error) && Clock::now() < deadline;
    Status status;
    if (!goes_on) {
      status = producer_error(rd_kafka_error_code(error), what, rd_kafka_error_string(error));
      status.retriable = rd_kafka_error_is_retriable(error);
      if (status.retriable) status.message += "; " + waiting_for();
      if (rd_kafka_error_txn_requires_abort(error)) status.message += "; abort the transaction";
    }
    const bool pauses = rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__TIMED_OUT;
    rd_kafka_error_destroy(error);
    if (!goes_on) return status;
    if (is_closing()) return closed("the producer");
    rd_kafka_poll(handle_, pauses ? slice_until(deadline) : 0);
  }
}

Status Producer::take_failures() {
  Status status = std::exchange(first_failure_, Status());
  const uint64_t failures = std::exchange(failures_, 0);
  if (failures > 1) status.message += " (the first of " + std::to_string(failures) + " failures)";
  return status;
}

std::string Producer::waiting_for() const {
  std::string text = std::to_string(rd_kafka_outq_len(handle_)) + " records are not acknowledged";
  if (!last_error_.empty()) text += "; the last error was: " + last_error_;
  return text;
}

void Producer::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* self = static_cast<Producer*>(opaque);
  if (!message->err || self->failures_++ > 0) return;
  const char* topic = rd_kafka_topic_name(message->rkt);
  self->first_failure_ =
      producer_error(message->err, std::string("a record for ") + topic + " was not delivered",
                     rd_kafka_err2str(message->err));
  self->first_failure_.topic = topic;
  self->first_failure_.partition = message->partition;
}

void Producer::on_error(rd_kafka_t*, int, const char* reason, void* opaque) {
  static_cast<Producer*>(opaque)->last_error_ = reason;
}

}  // namespace tidemark
