// Brokers: which brokers a client is connected to, and what went wrong with each the last time.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "source/client_event.h"

namespace tidemark {

class Brokers {
 public:
  using Wake = void (*)(rd_kafka_t*, void*);

  // Hears of the connections of the client that is made of `conf`. `on_change` is called from its
  // threads, under locks of librdkafka: it must not call librdkafka.
  void watch(rd_kafka_conf_t* conf, Wake on_change, void* opaque);
  // Nobody is woken any more. The client may live on.
  void mute();

  // Since the last call, each a kBrokerUp or a kBrokerDown.
  std::vector<ClientEvent> take_changes();
  // Notes the error that `event` tells of, and fills in its broker. Librdkafka's message begins
  // with the broker's name, if it has one.
  void note_error(ClientEvent* event);
  // A clause on the broker for an error's message. Negative: no broker is known.
  std::string describe(int32_t broker_id) const;

 private:
  struct State;  // written by librdkafka's threads

  static rd_kafka_resp_err_t on_new(rd_kafka_t* handle, const rd_kafka_conf_t*, void* opaque, char*,
                                    size_t);
  static rd_kafka_resp_err_t on_state(rd_kafka_t* handle, int32_t id, const char*, const char* host,
                                      int port, const char* state, void* opaque);

  std::shared_ptr<State> state_;
  struct Error {
    std::string message;
    bool is_over = false;  // the broker has been connected to since
  };
  std::map<int32_t, Error> last_errors_;               // by the broker's id
  ClientEvent last_error_{ClientEvent::Type::kError};  // of any, or of none
};

}  // namespace tidemark
