#include "engine/inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "source/wake_up.h"
#include "test_support/fake_source.h"

namespace tidemark::testing {
namespace {

constexpr size_t kMiB = 1024 * 1024;

class InputsTest : public ::testing::Test, public InputsListener {
 protected:
  // With one partition for each of `partitions`, of the topic in its place.
  FakeSource& add(const std::string& name, const std::vector<std::string>& topics) {
    std::vector<Log> logs;
    Demand demand;
    for (const std::string& topic : topics) {
      logs.emplace_back();
      logs.back().id = {topic, 0};
      demand.topics.push_back({topic, Start()});
    }
    auto source = std::make_shared<FakeSource>(std::move(logs));
    options.push_back({name, source, demand});
    return *source;
  }

  void open(Budget budget = {64 * kMiB, false}) {
    inputs.emplace(options, budget, *this);
    inputs->open(bell);
  }

  // All partitions of the source are known.
  void assign(FakeSource& source) {
    std::vector<size_t> all;
    for (size_t p = 0; p < source.logs().size(); ++p)
      all.push_back(p);
    source.assign(all);
    inputs->serve(Clock::now());
  }

  std::vector<EngineOptions::Input> options;
  WakeUp bell;
  std::optional<Inputs> inputs;
  PartitionTable table;
  std::vector<PartitionId> opened;
  std::optional<Status> failure;
  std::vector<ClientEvent> events;
  std::vector<std::string> token_requests;

 private:
  void on_open(std::vector<InputPartition> partitions) override {
    for (InputPartition& partition : partitions) {
      opened.push_back(partition.id);
      table.add(std::move(partition));
    }
  }
  void on_joined(std::vector<InputPartition> partitions) override {
    on_open(std::move(partitions));
  }
  void on_left(const std::vector<PartitionHandle>&) override {}
  void on_partition_failed(PartitionHandle, Status) override {}
  void on_failed(Status status) override { failure = std::move(status); }
  void on_client_event(ClientEvent event) override { events.push_back(std::move(event)); }
  void on_log(LogLine) override {}
  void on_token_request(const std::string& source) override { token_requests.push_back(source); }
};

TEST_F(InputsTest, AreOpenWhenTheLastOneIs) {
  FakeSource& eu = add("eu", {"trades"});
  FakeSource& us = add("us", {"trades"});
  open();
  assign(us);
  EXPECT_TRUE(opened.empty());
  assign(eu);
  ASSERT_EQ(opened.size(), 2u);
  EXPECT_EQ(name_of(opened[0]), "trades-0 of source 'eu'");
  EXPECT_EQ(name_of(opened[1]), "trades-0 of source 'us'");
}

// A record's topic and source are indices into words that all batches of a stream share.
TEST_F(InputsTest, TopicsAndSourcesHaveTheirPlacesAmongThoseOfTheStream) {
  FakeSource& us = add("us", {"b", "d"});
  FakeSource& eu = add("eu", {"c", "a", "b"});
  open();
  assign(us);
  assign(eu);
  const Dictionaries words = dictionaries_of(options);
  EXPECT_EQ(words.topics, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(words.sources, (std::vector<std::string>{"eu", "us"}));
  ASSERT_EQ(opened.size(), 5u);
  for (const PartitionId& id : opened) {
    EXPECT_EQ(words.topics[static_cast<size_t>(id.topic_index)], id.topic);
    EXPECT_EQ(words.sources[static_cast<size_t>(id.source_index)], id.source);
  }
}

TEST_F(InputsTest, TheBudgetIsOneAndIsDividedByPartitions) {
  FakeSource& eu = add("eu", {"a", "b", "c"});
  FakeSource& us = add("us", {"a"});
  open({64 * kMiB, false});
  assign(eu);
  assign(us);
  inputs->share_budget(table);
  EXPECT_EQ(eu.budget(), 48 * kMiB);
  EXPECT_EQ(us.budget(), 16 * kMiB);
}

// Each source alone would have had enough.
TEST_F(InputsTest, ABudgetThatIsTooSmallForAllOfThemIsRefused) {
  FakeSource& eu = add("eu", {"a", "b"});
  FakeSource& us = add("us", {"a", "b"});
  open({3 * kMinBudgetPerPartition, false});
  assign(eu);
  assign(us);
  EXPECT_TRUE(opened.empty());
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, ErrorCode::kInvalidOption);
  EXPECT_NE(failure->message.find("too few for 4 partitions"), std::string::npos);
}

TEST_F(InputsTest, WhatASourceTellsHasItsName) {
  FakeSource& eu = add("eu", {"a"});
  add("us", {"a"});
  open();
  assign(eu);
  eu.tell_event(ClientEvent(ClientEvent::Type::kAllBrokersDown));
  eu.ask_for_token();
  eu.fail_to_open(Status::error(ErrorCode::kAuthentication, "refused"));
  inputs->serve(Clock::now());
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].source, "eu");
  EXPECT_EQ(token_requests, (std::vector<std::string>{"eu"}));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->source, "eu");
  EXPECT_EQ(failure->message, "source 'eu': refused");
}

TEST_F(InputsTest, AnErrorOfASourceWithoutANameIsAsItWas) {
  FakeSource& only = add("", {"a"});
  open();
  only.fail_to_open(Status::error(ErrorCode::kAuthentication, "refused"));
  inputs->serve(Clock::now());
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->source, "");
  EXPECT_EQ(failure->message, "refused");
}

// One whose brokers do not answer must not take the time of all that come after it.
TEST_F(InputsTest, EachHasItsPartOfTheTimeToClose) {
  Clock::time_point now{std::chrono::hours(1)};
  Clock::simulate(&now);
  FakeSource& eu = add("eu", {"a"});
  FakeSource& us = add("us", {"a"});
  FakeSource& asia = add("asia", {"a"});
  open();
  inputs->close(std::chrono::milliseconds(900));
  Clock::simulate(nullptr);
  EXPECT_EQ(eu.close_timeout().count(), 300);
  EXPECT_EQ(us.close_timeout().count(), 450);  // nobody has taken any
  EXPECT_EQ(asia.close_timeout().count(), 900);
}

// It was cut off after a part of the time, and the rest was given to one that needed none.
TEST_F(InputsTest, ThoseThatWriteAreClosedLastAndHaveTheTimeThatIsLeft) {
  Clock::time_point now{std::chrono::hours(1)};
  Clock::simulate(&now);
  FakeSource& eu = add("eu", {"a"});
  FakeSource& us = add("us", {"a"});
  eu.set_writes();
  open();
  inputs->close(std::chrono::milliseconds(900));
  Clock::simulate(nullptr);
  EXPECT_EQ(us.close_timeout().count(), 450);
  EXPECT_EQ(eu.close_timeout().count(), 900);
}

}  // namespace
}  // namespace tidemark::testing
