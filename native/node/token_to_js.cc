#include "node/token_to_js.h"

#include <string>

#include "token/base64url.h"

namespace tidemark {
namespace {

template <typename Element, typename ToJs>
Napi::Array array_of(Napi::Env env, const std::vector<Element>& elements, ToJs to_js_of) {
  Napi::Array array = Napi::Array::New(env, elements.size());
  for (uint32_t i = 0; i < elements.size(); ++i)
    array.Set(i, to_js_of(elements[i]));
  return array;
}

// As Kafka writes it.
Napi::Value id_to_js(Napi::Env env, const TopicId& id) {
  if (id == kNoTopicId) return env.Null();
  std::string bytes;
  for (const int64_t half : {id.first, id.second}) {
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<char>(static_cast<uint64_t>(half) >> shift & 0xff));
  }
  return Napi::String::New(env, to_base64url(bytes));
}

Napi::Value bigint_unless(Napi::Env env, int64_t none, int64_t value) {
  if (value == none) return env.Null();
  return Napi::BigInt::New(env, value);
}

Napi::Object partition_to_js(Napi::Env env, const Token& token, const Token::Partition& partition) {
  const auto& [number, frontier, end_offset] = partition;
  Napi::Object object = Napi::Object::New(env);
  object.Set("partition", Napi::Number::New(env, number));
  object.Set("nextOffset", Napi::BigInt::New(env, frontier.next_offset));
  object.Set("mergeKey", bigint_unless(env, kSmallestMergeKey, frontier.merge_key));
  object.Set("leaderEpoch", frontier.leader_epoch == kNoLeaderEpoch
                                ? env.Null()
                                : Napi::Number::New(env, frontier.leader_epoch));
  object.Set("startTimeMs", bigint_unless(env, kNoStartTime, frontier.start_time));
  object.Set("endOffset",
             token.phase == Phase::kLive ? env.Null() : Napi::BigInt::New(env, end_offset));
  return object;
}

Napi::Object topic_to_js(Napi::Env env, const Token& token, const Token::Topic& topic) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", topic.name);
  object.Set("id", id_to_js(env, topic.id));
  object.Set("partitions", array_of(env, topic.partitions, [&](const Token::Partition& partition) {
               return partition_to_js(env, token, partition);
             }));
  return object;
}

}  // namespace

Napi::Value to_js(Napi::Env env, const Token& token) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("isLive", Napi::Boolean::New(env, token.phase == Phase::kLive));
  object.Set("readCommitted", Napi::Boolean::New(env, token.read_committed));
  object.Set("failOnLateRecord", Napi::Boolean::New(env, token.fail_on_late_record));
  object.Set("cutoff", bigint_unless(env, kNoCutoff, token.cutoff));
  object.Set("sources", array_of(env, token.sources, [&](const Token::Source& source) {
               Napi::Object of_source = Napi::Object::New(env);
               of_source.Set("name", source.name);
               of_source.Set("clusterId", source.cluster_id);
               of_source.Set("topics", array_of(env, source.topics, [&](const Token::Topic& topic) {
                               return topic_to_js(env, token, topic);
                             }));
               return of_source;
             }));
  return object;
}

}  // namespace tidemark
