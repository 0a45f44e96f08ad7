// Notice: what happens to a client beside its records, for those who want to hear of it
// (`ClientEvent` in src/client-events.ts).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tidemark {

struct Notice {
  enum class Type : uint8_t {
    kBrokerUp,
    kBrokerDown,
    kAllBrokersDown,
    kThrottled,
    kError,           // of the client; what cannot heal also ends the stream
    kPartitionError,  // of one partition, and it heals by itself
    kPartitionAdded,  // to a topic; it is read from `offset` on
    kCaptureEnded,    // and the stream goes on
    kEventsDropped,   // `count` notices, while nobody took any
  };

  explicit Notice(Type kind) : type(kind) {}

  Type type;
  std::string broker;      // "host:port"; empty where none applies
  int32_t broker_id = -1;  // -1 where none applies or it is not known yet
  int throttle_ms = 0;
  int32_t kafka_code = 0;  // rd_kafka_resp_err_t, 0 where none applies
  std::string message;
  std::string topic;  // empty where none applies
  int32_t partition = -1;
  int64_t offset = -1;
  size_t count = 0;
};

// The name under which JavaScript knows it.
inline const char* notice_type_name(Notice::Type type) {
  switch (type) {
    case Notice::Type::kBrokerUp:
      return "brokerUp";
    case Notice::Type::kBrokerDown:
      return "brokerDown";
    case Notice::Type::kAllBrokersDown:
      return "allBrokersDown";
    case Notice::Type::kThrottled:
      return "throttled";
    case Notice::Type::kError:
      return "error";
    case Notice::Type::kPartitionError:
      return "partitionError";
    case Notice::Type::kPartitionAdded:
      return "partitionAdded";
    case Notice::Type::kCaptureEnded:
      return "captureEnded";
    case Notice::Type::kEventsDropped:
      return "eventsDropped";
  }
  return "error";
}

}  // namespace tidemark
