#include "node/mock_cluster_object.h"

#include <string>
#include <utility>

#include "kafka/kafka_error.h"
#include "node/values.h"

namespace tidemark {
namespace {

std::string string_at(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::String>();
}

int int_at(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::Number>().Int32Value();
}

}  // namespace

void export_mock_cluster(Napi::Env env, Napi::Object exports) {
  using Object = MockClusterObject;
  exports.Set("MockCluster",
              Object::DefineClass(
                  env, "MockCluster",
                  {
                      Object::InstanceAccessor<&Object::bootstrap_servers>("bootstrapServers"),
                      Object::InstanceMethod<&Object::create_topic>("createTopic"),
                      Object::InstanceMethod<&Object::set_leader>("setLeader"),
                      Object::InstanceMethod<&Object::set_broker_down>("setBrokerDown"),
                      Object::InstanceMethod<&Object::set_round_trip_time>("setRoundTripTime"),
                      Object::InstanceMethod<&Object::close>("close"),
                  }));
}

MockClusterObject::MockClusterObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<MockClusterObject>(info) {
  if (IsEmpty()) return;  // see engine_object.cc
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, nullptr);
  handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  if (!handle_) {
    rd_kafka_conf_destroy(conf);
    return;
  }
  cluster_ = rd_kafka_mock_cluster_new(handle_, int_at(info, 0));
  if (!cluster_) {
    destroy();
    return;
  }
  rd_kafka_mock_set_controller_id(cluster_, 1);  // none by default: admin requests go there
  Ref();
  napi_add_env_cleanup_hook(info.Env(), on_environment_end, this);
}

Napi::Value MockClusterObject::bootstrap_servers(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), cluster_ ? rd_kafka_mock_cluster_bootstraps(cluster_) : "");
}

Napi::Value MockClusterObject::create_topic(const Napi::CallbackInfo& info) {
  constexpr int kReplicationFactor = 1;
  return ask(info, "createTopic", [&] {
    return rd_kafka_mock_topic_create(cluster_, string_at(info, 0).c_str(), int_at(info, 1),
                                      kReplicationFactor);
  });
}

Napi::Value MockClusterObject::set_leader(const Napi::CallbackInfo& info) {
  return ask(info, "setLeader", [&] {
    return rd_kafka_mock_partition_set_leader(cluster_, string_at(info, 0).c_str(), int_at(info, 1),
                                              int_at(info, 2));
  });
}

Napi::Value MockClusterObject::set_broker_down(const Napi::CallbackInfo& info) {
  return ask(info, "setBrokerDown", [&] {
    const bool down = info[1].As<Napi::Boolean>();
    return down ? rd_kafka_mock_broker_set_down(cluster_, int_at(info, 0))
                : rd_kafka_mock_broker_set_up(cluster_, int_at(info, 0));
  });
}

Napi::Value MockClusterObject::set_round_trip_time(const Napi::CallbackInfo& info) {
  return ask(info, "setRoundTripTime", [&] {
    return rd_kafka_mock_broker_set_rtt(cluster_, int_at(info, 0), int_at(info, 1));
  });
}

template <typename Request>
Napi::Value MockClusterObject::ask(const Napi::CallbackInfo& info, const char* what,
                                   Request request) {
  if (!cluster_) {
    return to_js(info.Env(), Status::error(ErrorCode::kClosed, "the mock cluster is closed"));
  }
  const rd_kafka_resp_err_t err = request();
  return to_js(info.Env(), err ? kafka_error(err, what, nullptr) : Status());
}

void MockClusterObject::close(const Napi::CallbackInfo& info) {
  if (!cluster_) return;
  napi_remove_env_cleanup_hook(info.Env(), on_environment_end, this);
  destroy();
  Unref();
}

// Hooks run in the reverse order of their registration: clients that were made after the cluster
// end before it.
void MockClusterObject::on_environment_end(void* data) {
  static_cast<MockClusterObject*>(data)->destroy();
}

void MockClusterObject::destroy() {
  if (cluster_) rd_kafka_mock_cluster_destroy(std::exchange(cluster_, nullptr));
  if (handle_) rd_kafka_destroy(std::exchange(handle_, nullptr));
}

}  // namespace tidemark
