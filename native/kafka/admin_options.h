// AdminOptions: the options of librdkafka's admin requests.
#pragma once

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <memory>

namespace tidemark {

using AdminOptionsPtr =
    std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)>;

inline AdminOptionsPtr admin_options(rd_kafka_t* handle, rd_kafka_admin_op_t op, int timeout_ms) {
  AdminOptionsPtr options(rd_kafka_AdminOptions_new(handle, op), rd_kafka_AdminOptions_destroy);
  char reason[128];
  rd_kafka_AdminOptions_set_request_timeout(options.get(), std::max(timeout_ms, 1), reason,
                                            sizeof(reason));
  return options;
}

}  // namespace tidemark
