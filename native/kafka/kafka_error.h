// KafkaError: librdkafka's error codes as tidemark's, in one place.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "errors.h"
#include "status.h"

namespace tidemark {

// `what` says what was being done, for example "listing the end offsets". `reason` is librdkafka's,
// or null for the one that the code has.
Status kafka_error(rd_kafka_resp_err_t err, const std::string& what, const char* reason);
Status kafka_error_at(const Place& place, rd_kafka_resp_err_t err, const char* reason);

// Errors that librdkafka heals by itself: the partition goes on where it was.
bool heals_by_itself(rd_kafka_resp_err_t err);

// The broker does not let this client in: its password, token or certificate.
bool refuses_client(rd_kafka_resp_err_t err);

// The topic is not there, or the broker that was asked does not know it yet, as when it has just
// started. TopicWatch tells the two apart.
bool says_topic_is_gone(rd_kafka_resp_err_t err);

}  // namespace tidemark
