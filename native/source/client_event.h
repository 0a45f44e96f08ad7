// ClientEvent: what happens to a source beside its records, for those who want to hear of it
// (`ClientEvent` in src/manager/client-events.ts).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "status.h"

namespace tidemark {

// A line of a source's log.
struct LogLine {
  int level;  // as in syslog
  std::string facility;
  std::string message;
  std::string source{};  // its name, once it is past the source itself, which knows none
};

struct ClientEvent {
  enum class Type : uint8_t {
    kBrokerUp,
    kBrokerDown,
    kAllBrokersDown,
    kThrottled,
    kError,           // of the client; what cannot heal also ends the stream
    kPartitionError,  // of one partition, and it heals by itself
    kPartitionAdded,  // to a topic; it is read from `offset` on
    kCaptureEnded,    // and the stream goes on
    kEventsDropped,   // `count` events, while nobody took any
  };

  explicit ClientEvent(Type kind) : type(kind) {}

  Type type;
  std::string source;      // as in LogLine
  std::string broker;      // "host:port"; empty where none applies
  int32_t broker_id = -1;  // -1 where none applies or it is not known yet
  int throttle_ms = 0;
  int32_t kafka_code = 0;           // rd_kafka_resp_err_t, 0 where none applies
  ErrorCode code = ErrorCode::kOk;  // kOk where none applies
  int system_error = 0;             // errno, 0 where none applies
  std::string message;
  std::string topic;  // empty where none applies
  int32_t partition = -1;
  int64_t offset = -1;
  size_t count = 0;
};

// The name under which JavaScript knows it; null past the last kind, so that all can be told.
inline const char* client_event_name(ClientEvent::Type type) {
  switch (type) {
    case ClientEvent::Type::kBrokerUp:
      return "brokerUp";
    case ClientEvent::Type::kBrokerDown:
      return "brokerDown";
    case ClientEvent::Type::kAllBrokersDown:
      return "allBrokersDown";
    case ClientEvent::Type::kThrottled:
      return "throttled";
    case ClientEvent::Type::kError:
      return "error";
    case ClientEvent::Type::kPartitionError:
      return "partitionError";
    case ClientEvent::Type::kPartitionAdded:
      return "partitionAdded";
    case ClientEvent::Type::kCaptureEnded:
      return "captureEnded";
    case ClientEvent::Type::kEventsDropped:
      return "eventsDropped";
  }
  return nullptr;
}

}  // namespace tidemark
