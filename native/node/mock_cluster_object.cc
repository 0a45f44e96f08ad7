#include "node/mock_cluster_object.h"

#include <chrono>
#include <string>

#include "errors.h"
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
  cluster_ = MockCluster::start(int_at(info, 0));
  if (!cluster_) return;
  Ref();
  napi_add_env_cleanup_hook(info.Env(), on_environment_end, this);
}

Napi::Value MockClusterObject::bootstrap_servers(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), cluster_ ? cluster_->bootstrap_servers() : "");
}

Napi::Value MockClusterObject::create_topic(const Napi::CallbackInfo& info) {
  return ask(info, [&] { return cluster_->create_topic(string_at(info, 0), int_at(info, 1)); });
}

Napi::Value MockClusterObject::set_leader(const Napi::CallbackInfo& info) {
  return ask(info, [&] {
    return cluster_->set_leader(string_at(info, 0), int_at(info, 1), int_at(info, 2));
  });
}

Napi::Value MockClusterObject::set_broker_down(const Napi::CallbackInfo& info) {
  return ask(info, [&] {
    return cluster_->set_broker_down(int_at(info, 0), info[1].As<Napi::Boolean>());
  });
}

Napi::Value MockClusterObject::set_round_trip_time(const Napi::CallbackInfo& info) {
  return ask(info, [&] {
    return cluster_->set_round_trip_time(int_at(info, 0),
                                         std::chrono::milliseconds(int_at(info, 1)));
  });
}

template <typename Request>
Napi::Value MockClusterObject::ask(const Napi::CallbackInfo& info, Request request) {
  if (!cluster_) return to_js(info.Env(), closed("the mock cluster"));
  return to_js(info.Env(), request());
}

void MockClusterObject::close(const Napi::CallbackInfo& info) {
  if (!cluster_) return;
  napi_remove_env_cleanup_hook(info.Env(), on_environment_end, this);
  cluster_.reset();
  Unref();
}

// Hooks run in the reverse order of their registration: clients that were made after the cluster
// end before it.
void MockClusterObject::on_environment_end(void* data) {
  static_cast<MockClusterObject*>(data)->cluster_.reset();
}

}  // namespace tidemark
