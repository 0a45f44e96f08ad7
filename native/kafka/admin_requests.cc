#include "kafka/admin_requests.h"

#include <algorithm>
#include <memory>

namespace tidemark {
namespace {

using OptionsPtr =
    std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)>;

using TopicPartitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                        decltype(&rd_kafka_topic_partition_list_destroy)>;

TopicPartitions list_of(size_t size) {
  return TopicPartitions(rd_kafka_topic_partition_list_new(static_cast<int>(size)),
                         rd_kafka_topic_partition_list_destroy);
}

OptionsPtr options_of(Client& client, rd_kafka_admin_op_t op, int timeout_ms) {
  OptionsPtr options(rd_kafka_AdminOptions_new(client.handle(), op), rd_kafka_AdminOptions_destroy);
  char reason[128];
  rd_kafka_AdminOptions_set_request_timeout(options.get(), std::max(timeout_ms, 1), reason,
                                            sizeof(reason));
  return options;
}

}  // namespace

void describe_topics(Client& client, const std::vector<std::string>& names, int timeout_ms) {
  std::vector<const char*> pointers;
  for (const std::string& name : names)
    pointers.push_back(name.c_str());
  std::unique_ptr<rd_kafka_TopicCollection_t, decltype(&rd_kafka_TopicCollection_destroy)>
      collection(rd_kafka_TopicCollection_of_topic_names(pointers.data(), pointers.size()),
                 rd_kafka_TopicCollection_destroy);
  const OptionsPtr options = options_of(client, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout_ms);
  rd_kafka_DescribeTopics(client.handle(), collection.get(), options.get(), client.events());
}

void list_offsets(Client& client, const std::vector<OffsetQuestion>& questions, bool read_committed,
                  int timeout_ms) {
  const TopicPartitions list = list_of(questions.size());
  for (const auto& [id, spec] : questions)
    rd_kafka_topic_partition_list_add(list.get(), id.topic.c_str(), id.partition)->offset = spec;
  const OptionsPtr options = options_of(client, RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeout_ms);
  rd_kafka_error_destroy(rd_kafka_AdminOptions_set_isolation_level(
      options.get(), read_committed ? RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED
                                    : RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED));
  rd_kafka_ListOffsets(client.handle(), list.get(), options.get(), client.events());
}

void list_group_offsets(Client& client, const std::string& group,
                        const std::vector<TopicPartition>& partitions, bool read_committed,
                        int timeout_ms) {
  const TopicPartitions list = list_of(partitions.size());
  for (const TopicPartition& id : partitions)
    rd_kafka_topic_partition_list_add(list.get(), id.topic.c_str(), id.partition);
  rd_kafka_ListConsumerGroupOffsets_t* asked =
      rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), list.get());
  const OptionsPtr options =
      options_of(client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout_ms);
  rd_kafka_error_destroy(
      rd_kafka_AdminOptions_set_require_stable_offsets(options.get(), read_committed ? 1 : 0));
  rd_kafka_ListConsumerGroupOffsets(client.handle(), &asked, 1, options.get(), client.events());
  rd_kafka_ListConsumerGroupOffsets_destroy(asked);
}

void describe_topic_configs(Client& client, const std::vector<std::string>& names, int timeout_ms) {
  std::vector<rd_kafka_ConfigResource_t*> resources;
  for (const std::string& name : names)
    resources.push_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  const OptionsPtr options = options_of(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout_ms);
  rd_kafka_DescribeConfigs(client.handle(), resources.data(), resources.size(), options.get(),
                           client.events());
  rd_kafka_ConfigResource_destroy_array(resources.data(), resources.size());
}

}  // namespace tidemark
