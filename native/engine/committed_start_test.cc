// A start at what a consumer group has committed, over mock brokers.
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "test_support/engine_caller.h"
#include "test_support/mock_kafka.h"
#include "test_support/slab_reader.h"

namespace tidemark {
namespace {

using std::chrono::seconds;

struct Commit {
  int32_t partition;
  int64_t offset;
  std::string metadata;
};

// As a consumer does that is no member of its group.
void commit(MockKafka& kafka, const std::string& group, const std::vector<Commit>& commits) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", kafka.bootstrap().c_str(), nullptr, 0);
  rd_kafka_conf_set(conf, "group.id", group.c_str(), nullptr, 0);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(2);
  for (const Commit& each : commits) {
    rd_kafka_topic_partition_t* added =
        rd_kafka_topic_partition_list_add(list, "t", each.partition);
    added->offset = each.offset;
    added->metadata = strdup(each.metadata.c_str());  // librdkafka frees it with the list
    added->metadata_size = each.metadata.size();
  }
  EXPECT_EQ(rd_kafka_commit(consumer, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(consumer);
}

class CommittedStartTest : public ::testing::Test {
 protected:
  CommittedStartTest() {
    kafka_.create_topic("t", 3);
    for (int32_t partition = 0; partition < 3; ++partition) {
      // The third record of each steps back behind the first two.
      for (const int64_t time : {1'000, 2'000, 1'500, 3'000})
        kafka_.produce("t", partition, time + partition, "v");
    }
    kafka_.flush();
    demands().group = "etl";
  }

  PartitionDemands& demands() { return topic_.partitions; }

  // "partition@offset" of each row.
  std::vector<std::string> replay() {
    EngineOptions options = options_for(kafka_, "t");
    options.inputs.front().demand.topics = {topic_};
    options.ends_after_replay = true;
    EngineCaller caller(std::move(options));
    status_ = caller.opened();
    std::vector<std::string> rows;
    while (status_.ok()) {
      Answer answer = caller.poll(seconds(60));
      status_ = answer.error;
      if (!answer.slab) continue;
      for (const testing::SlabRow& row : testing::read_slab(*answer.slab))
        rows.push_back(std::to_string(row.partition) + "@" + std::to_string(row.offset));
      caller.engine().slab_pool()->give_back(std::move(answer.slab));
    }
    return rows;
  }

  MockKafka kafka_{1};
  TopicDemand topic_{"t", Start()};
  Status status_;
};

using Rows = std::vector<std::string>;

TEST_F(CommittedStartTest, StartsAtTheCommitsAndOtherwiseWhereTheTopicDoes) {
  commit(kafka_, "etl", {{0, 3, ""}, {2, 2, "of another client"}});
  EXPECT_EQ(replay(), (Rows{"1@0", "2@2", "1@1", "1@2", "0@3", "1@3", "2@3"}));
  EXPECT_EQ(status_.code, ErrorCode::kEnded) << status_.message;
  topic_.start.kind = Start::Kind::kLatest;
  EXPECT_EQ(replay(), (Rows{"2@2", "0@3", "2@3"}));
}

// 1@2 and 2@2 step back behind what was committed: without its merge key they come too early.
TEST_F(CommittedStartTest, GoesOnWithTheMergeKeyOfTheCommit) {
  commit(kafka_, "etl", {{1, 2, "tidemark/1 2001"}, {2, 2, "tidemark/1 2002"}});
  EXPECT_EQ(replay(), (Rows{"0@0", "0@1", "0@2", "1@2", "2@2", "0@3", "1@3", "2@3"}));
  commit(kafka_, "etl", {{1, 2, ""}, {2, 2, ""}});
  EXPECT_EQ(replay(), (Rows{"0@0", "1@2", "2@2", "0@1", "0@2", "0@3", "1@3", "2@3"}));
}

TEST_F(CommittedStartTest, NamesPartitionsWithoutACommit) {
  demands().needs_starts = true;
  commit(kafka_, "etl", {{1, 1, ""}});
  EXPECT_EQ(replay(), Rows());
  EXPECT_EQ(status_.code, ErrorCode::kMissingOffset);
  EXPECT_NE(status_.message.find("the group 'etl' has no commit for partitions 0 and 2"),
            std::string::npos)
      << status_.message;
  demands().only = {1};
  EXPECT_EQ(replay(), (Rows{"1@1", "1@2", "1@3"}));
}

TEST_F(CommittedStartTest, RefusesACommitBehindTheEnd) {
  commit(kafka_, "etl", {{1, 9, ""}});
  EXPECT_EQ(replay(), Rows());
  EXPECT_EQ(status_.code, ErrorCode::kOffsetOutOfRange);
  EXPECT_EQ(status_.partition, 1);
}

TEST_F(CommittedStartTest, WaitsForACoordinatorThatIsNotThereYet) {
  commit(kafka_, "etl", {{1, 1, ""}});
  demands().only = {1};
  constexpr int16_t kOffsetFetch = 9;
  rd_kafka_mock_push_request_errors(kafka_.cluster(), kOffsetFetch, 2,
                                    RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
                                    RD_KAFKA_RESP_ERR_NOT_COORDINATOR);
  EXPECT_EQ(replay(), (Rows{"1@1", "1@2", "1@3"}));
}

TEST_F(CommittedStartTest, TellsThatTheGroupMustNotBeRead) {
  constexpr int16_t kOffsetFetch = 9;
  rd_kafka_mock_push_request_errors(kafka_.cluster(), kOffsetFetch, 1,
                                    RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
  EXPECT_EQ(replay(), Rows());
  EXPECT_EQ(status_.code, ErrorCode::kAuthorization);
  EXPECT_NE(status_.message.find("group 'etl'"), std::string::npos) << status_.message;
}

}  // namespace
}  // namespace tidemark
