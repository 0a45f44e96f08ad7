#include "kafka/brokers.h"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>

namespace tidemark {

struct Brokers::State {
  struct Connection {
    std::string address;
    bool is_up;
  };

  std::mutex mutex;
  std::map<int32_t, Connection> connections;  // by the broker's id
  std::vector<ClientEvent> changes;
  Wake on_change = nullptr;
  void* opaque = nullptr;
};

namespace {

constexpr const char* kName = "tidemark";

ClientEvent change_of(const std::string& address, int32_t id, bool is_up) {
  ClientEvent event{is_up ? ClientEvent::Type::kBrokerUp : ClientEvent::Type::kBrokerDown};
  event.broker = address;
  event.broker_id = id;
  return event;
}

// Reads the broker out of "[protocol://]host:port/id", or "…/bootstrap" as long as it has no id.
void read_name(const std::string& name, ClientEvent* event) {
  const size_t slash = name.rfind('/');
  if (slash == std::string::npos) return;
  const size_t protocol = name.find("://");
  const size_t begin = protocol < slash ? protocol + 3 : 0;
  if (begin >= slash) return;
  event->broker = name.substr(begin, slash - begin);
  const char* const id = name.c_str() + slash + 1;
  char* end;
  const long number = strtol(id, &end, 10);
  if (end != id && *end == '\0') event->broker_id = static_cast<int32_t>(number);
}

}  // namespace

void Brokers::watch(rd_kafka_conf_t* conf, Wake on_change, void* opaque) {
  state_ = std::make_shared<State>();
  state_->on_change = on_change;
  state_->opaque = opaque;
  auto* const of_client = new std::shared_ptr<State>(state_);
  rd_kafka_conf_interceptor_add_on_new(conf, kName, on_new, of_client);
  rd_kafka_conf_interceptor_add_on_conf_destroy(
      conf, kName,
      [](void* state) {
        delete static_cast<std::shared_ptr<State>*>(state);
        return RD_KAFKA_RESP_ERR_NO_ERROR;
      },
      of_client);
}

void Brokers::mute() {
  if (!state_) return;
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->on_change = nullptr;
}

rd_kafka_resp_err_t Brokers::on_new(rd_kafka_t* handle, const rd_kafka_conf_t*, void* opaque, char*,
                                    size_t) {
  return rd_kafka_interceptor_add_on_broker_state_change(handle, kName, on_state, opaque);
}

rd_kafka_resp_err_t Brokers::on_state(rd_kafka_t* handle, int32_t id, const char*, const char* host,
                                      int port, const char* state, void* opaque) {
  const bool is_up = strcmp(state, "UP") == 0;
  if (!is_up && strcmp(state, "DOWN") != 0) return RD_KAFKA_RESP_ERR_NO_ERROR;
  // Those of bootstrap.servers have no id until they are asked who they are, and their connections
  // are given up then.
  if (id < 0 || port <= 0) return RD_KAFKA_RESP_ERR_NO_ERROR;
  State& known = **static_cast<std::shared_ptr<State>*>(opaque);
  const std::string address = std::string(host) + ":" + std::to_string(port);
  std::lock_guard<std::mutex> lock(known.mutex);
  if (!known.on_change) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const auto [entry, is_new] = known.connections.emplace(id, State::Connection{address, is_up});
  const bool was_up = std::exchange(entry->second.is_up, is_up);
  entry->second.address = address;
  if (is_new || was_up != is_up) {
    known.changes.push_back(change_of(address, id, is_up));
    known.on_change(handle, known.opaque);
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

std::vector<ClientEvent> Brokers::take_changes() {
  std::vector<ClientEvent> changes;
  {
    std::lock_guard<std::mutex> lock(state_->mutex);
    changes = std::exchange(state_->changes, {});
  }
  for (const ClientEvent& change : changes) {
    if (change.type != ClientEvent::Type::kBrokerUp) continue;
    // Kept for when it is down again: librdkafka does not repeat the same error for 30 s.
    const auto error = last_errors_.find(change.broker_id);
    if (error != last_errors_.end()) error->second.is_over = true;
    if (last_error_.broker == change.broker) last_error_.message.clear();
  }
  return changes;
}

void Brokers::note_error(ClientEvent* event) {
  const std::string& message = event->message;
  const size_t end = message.find(": ");
  if (end != std::string::npos) read_name(message.substr(0, end), event);
  if (event->broker_id >= 0) last_errors_[event->broker_id] = {message.substr(end + 2), false};
  last_error_ = *event;
}

std::string Brokers::describe(int32_t broker_id) const {
  std::string address;
  bool is_up = false;
  if (broker_id >= 0) {
    std::lock_guard<std::mutex> lock(state_->mutex);
    const auto found = state_->connections.find(broker_id);
    if (found != state_->connections.end()) {
      address = found->second.address;
      is_up = found->second.is_up;
    }
  }
  if (address.empty()) {
    return "no broker is known to lead it" +
           (last_error_.message.empty() ? "" : ", and the last error was: " + last_error_.message);
  }
  const auto error = last_errors_.find(broker_id);
  const bool has_error = error != last_errors_.end() && !(is_up && error->second.is_over);
  return "its broker " + address + (is_up ? " is connected" : " cannot be reached") +
         (has_error ? ", and its last error was: " + error->second.message
                    : " and reported no error");
}

}  // namespace tidemark
