// A client that could not be made. Under LeakSanitizer all of it counts.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <malloc.h>

namespace {

rd_kafka_resp_err_t on_state(rd_kafka_t*, int32_t, const char*, const char*, int, const char*,
                             void*) {
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_new(rd_kafka_t* handle, const rd_kafka_conf_t*, void* opaque, char*,
                           size_t) {
  return rd_kafka_interceptor_add_on_broker_state_change(handle, "test", on_state, opaque);
}

void fail_to_make_a_client() {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "security.protocol", "sasl_plaintext", nullptr, 0);
  rd_kafka_conf_set(conf, "sasl.mechanisms", "NONE-SUCH", nullptr, 0);
  rd_kafka_conf_set_log_cb(conf, nullptr);
  rd_kafka_conf_interceptor_add_on_new(conf, "test", on_new, nullptr);
  char reason[512];
  EXPECT_EQ(rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof reason), nullptr);
  EXPECT_STRNE(reason, "");
  rd_kafka_conf_destroy(conf);
}

TEST(FailedClient, LeavesNothingOfItsInterceptorsBehind) {
  constexpr size_t kTimes = 100;
  fail_to_make_a_client();  // what is made once stays
  const size_t before = mallinfo2().uordblks;
  for (size_t i = 0; i < kTimes; ++i)
    fail_to_make_a_client();
  EXPECT_LT(mallinfo2().uordblks, before + kTimes * 50);
}

}  // namespace
