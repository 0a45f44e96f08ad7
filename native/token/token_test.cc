#include "token/token.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>

#include "log/crc32c.h"
#include "test_support/dice.h"
#include "token/base64url.h"

namespace tidemark::testing {
namespace {

constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
constexpr int64_t kNow = 1'700'000'000'000;

Token small_token() {
  Token token;
  token.cutoff = kNow;
  token.sources = {{"", "MkU3OEVBNTcwNTJENDM2Qk", {}}};
  token.sources[0].topics = {
      {"orders", {0x0123456789abcdef, -2}, {{0, {12, kNow - 5, 3}, 20}}},
      {"trades", kNoTopicId, {{0, {0, kSmallestMergeKey, kNoLeaderEpoch}, 0}, {2, {7, 100, 0}, 7}}},
  };
  return token;
}

// 10 topics of 100 partitions of a replay, as large as they may be in production: a billion records
// a partition, an hour between the partitions' merge keys.
Token large_token(uint64_t seed) {
  Dice dice(seed);
  Token token;
  token.sources = {{"", "MkU3OEVBNTcwNTJENDM2Qk", {}}};
  for (int topic = 0; topic < 10; ++topic) {
    token.sources[0].topics.push_back({"market-data.trades-" + std::to_string(topic),
                                       {static_cast<int64_t>(dice()), static_cast<int64_t>(dice())},
                                       {}});
    for (int32_t partition = 0; partition < 100; ++partition) {
      const int64_t next = dice.below(1'000'000'000);
      token.sources[0].topics.back().partitions.push_back(
          {partition,
           {next, kNow + dice.below(3'600'000), static_cast<int32_t>(dice.below(30))},
           next + dice.below(100'000'000)});
    }
  }
  return token;
}

Token random_token(Dice& dice) {
  const auto number = [&dice] {
    return static_cast<int64_t>(dice() >> (1 + dice.below(63)));  // of any length
  };
  Token token;
  token.phase = dice.one_in(2) ? Phase::kLive : Phase::kReplay;
  token.read_committed = dice.one_in(2);
  token.fail_on_late_record = dice.one_in(2);
  if (dice.one_in(2)) token.cutoff = dice.one_in(2) ? number() >> 12 : -(number() >> 12);
  for (int64_t s = 0, sources = 1 + dice.below(3); s < sources; ++s) {
    token.sources.push_back(
        {std::string(static_cast<size_t>(s), 's'), dice.one_in(2) ? "c" : "", {}});
    for (int64_t t = 0, topics = 1 + dice.below(4); t < topics; ++t) {
      Token::Topic topic{"t" + std::to_string(t), kNoTopicId, {}};
      if (dice.one_in(2)) topic.id = {number(), -number()};
      int64_t partition = dice.one_in(4) ? number() >> 33 : 0;
      for (int64_t p = 0, partitions = 1 + dice.below(6); p < partitions; ++p) {
        Frontier frontier{number(), dice.one_in(4) ? kSmallestMergeKey : number() - number(),
                          static_cast<int32_t>(number() >> 32) - (dice.one_in(3) ? 1 : 0)};
        if (frontier.leader_epoch < kNoLeaderEpoch) frontier.leader_epoch = kNoLeaderEpoch;
        const int64_t left = kLargest - frontier.next_offset;
        topic.partitions.push_back({static_cast<int32_t>(partition), frontier,
                                    frontier.next_offset + std::min(left, number())});
        partition += 1 + dice.below(3);
      }
      token.sources.back().topics.push_back(std::move(topic));
    }
  }
  return token;
}

std::string with_new_checksum(std::string bytes) {
  const std::string prefix = "tm1.";
  bytes.resize(bytes.size() - 4);
  const auto u8 = [](const std::string& text) {
    return reinterpret_cast<const uint8_t*>(text.data());
  };
  const uint32_t checksum = crc32c(u8(bytes), bytes.size(), crc32c(u8(prefix), prefix.size()));
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(checksum >> shift & 0xff));
  return prefix + to_base64url(bytes);
}

TEST(Token, ReadsBackWhatWasWritten) {
  Dice dice(1);
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = write_token(random_token(dice));
    Token read;
    const Status status = read_token(text, &read);
    ASSERT_TRUE(status.ok()) << i << ": " << status.message;
    ASSERT_EQ(write_token(read), text) << i;
  }
  Token read;
  ASSERT_TRUE(read_token(write_token(small_token()), &read).ok());
  EXPECT_EQ(read.phase, Phase::kReplay);
  EXPECT_EQ(read.cutoff, kNow);
  EXPECT_TRUE(read.read_committed);
  const Token::Source* const source = read.find("");
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->cluster_id, "MkU3OEVBNTcwNTJENDM2Qk");
  const Token::Topic* const orders = source->find("orders");
  ASSERT_NE(orders, nullptr);
  EXPECT_EQ(orders->id, TopicId(0x0123456789abcdef, -2));
  EXPECT_EQ(orders->find(0)->frontier, (Frontier{12, kNow - 5, 3}));
  EXPECT_EQ(orders->find(0)->end_offset, 20);
  const Token::Topic* const trades = source->find("trades");
  EXPECT_EQ(trades->find(0)->frontier, Frontier());
  EXPECT_EQ(trades->find(1), nullptr);
  EXPECT_EQ(trades->find(2)->frontier, (Frontier{7, 100, 0}));
  EXPECT_EQ(source->find("fills"), nullptr);
}

TEST(Token, ReadsTheLargestNumbers) {
  Token token;
  token.sources = {{"", "", {{"t", kNoTopicId, {}}}}};
  token.sources[0].topics[0].partitions = {
      {0, {kLargest, kSmallestMergeKey + 1, std::numeric_limits<int32_t>::max()}, kLargest},
      {std::numeric_limits<int32_t>::max(), {0, kLargest, kNoLeaderEpoch}, kLargest}};
  Token read;
  ASSERT_TRUE(read_token(write_token(token), &read).ok());
  const Token::Topic& topic = read.sources[0].topics[0];
  EXPECT_EQ(topic.partitions[0].frontier, token.sources[0].topics[0].partitions[0].frontier);
  EXPECT_EQ(topic.partitions[1].partition, std::numeric_limits<int32_t>::max());
  EXPECT_EQ(topic.partitions[1].frontier, token.sources[0].topics[0].partitions[1].frontier);
  EXPECT_EQ(topic.partitions[1].end_offset, kLargest);
}

// A token is stored for years: what one version writes, every later one reads.
TEST(Token, IsWrittenAsItWasBefore) {
  EXPECT_EQ(
      write_token(small_token()),
      "tm1.CoCgq_75YsgBAgAsTWtVM09FVkJOVGN3TlRKRU5ETTJRawQMb3JkZXJzAgEjRWeJq83v__________4CDHRyYW"
      "RlcwAEAAIAAAAAaeH______0Xn8rPMcACtQPlwDcg");
  Token live = small_token();
  live.phase = Phase::kLive;
  live.read_committed = false;
  live.fail_on_late_record = true;
  live.cutoff = kNoCutoff;
  live.sources[0].name = "eu";
  for (Token::Topic& topic : live.sources[0].topics) {
    for (Token::Partition& partition : topic.partitions)
      partition.end_offset = partition.frontier.next_offset;
  }
  EXPECT_EQ(
      write_token(live),
      "tm1.BcgBAgRldSxNa1UzT0VWQk5UY3dOVEpFTkRNMlFrBAxvcmRlcnMCASNFZ4mrze___________gIMdHJhZGVzAA"
      "QAAgAAAABo______-i8_lZ5jgAVqCbchtq");
}

TEST(Token, OfAThousandPartitionsTakesSixteenKibibytes) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Token token = large_token(seed);
    EXPECT_LE(write_token(token).size(), 16u * 1024) << seed;
    Token far = token;  // a record of a producer that writes nanoseconds
    far.sources[0].topics[5].partitions[50].frontier.merge_key = kNow * 1'000'000;
    EXPECT_LE(write_token(far).size(), 16u * 1024) << seed;
  }
}

TEST(Token, SaysWhatIsWrongWithAString) {
  const std::string good = write_token(small_token());
  Token token;
  const auto code_of = [&token](const std::string& text) { return read_token(text, &token).code; };
  EXPECT_EQ(code_of(good), ErrorCode::kOk);
  for (const std::string& text :
       {std::string(), std::string("tm"), std::string("tm1"), std::string("tm1."),
        std::string("tm0.") + good.substr(4), std::string("tm01.") + good.substr(4),
        std::string("tmx.") + good.substr(4), good.substr(1), good + "A", good + "=", good + "\n",
        " " + good, good.substr(0, good.size() - 1), good.substr(0, good.size() / 2)}) {
    EXPECT_EQ(code_of(text), ErrorCode::kTokenDamaged) << text;
  }
  EXPECT_EQ(code_of("tm2." + good.substr(4)), ErrorCode::kTokenTooNew);
  EXPECT_EQ(code_of("tm999.?"), ErrorCode::kTokenTooNew);
  EXPECT_NE(read_token("tm7.", &token).message.find("version 7"), std::string::npos);
}

// Whatever was done to a token: it is refused, or is one. TIDEMARK_TOKEN_MUTATIONS says how often.
TEST(Token, IsRefusedOrOneWhateverWasDoneToIt) {
  const char* const wanted = std::getenv("TIDEMARK_TOKEN_MUTATIONS");
  const int64_t mutations = wanted ? std::atoll(wanted) : 10'000;
  Dice dice(7);
  int64_t accepted = 0;
  for (int64_t i = 0; i < mutations; ++i) {
    const std::string original =
        write_token(dice.one_in(50) ? large_token(dice()) : random_token(dice));
    std::string text = original;
    const bool is_checked = dice.one_in(4);
    if (is_checked) {
      // As it is stored: the checksum finds it.
      const auto at = static_cast<size_t>(dice.below(static_cast<int64_t>(text.size())));
      if (dice.one_in(3)) {
        text.erase(at, 1 + static_cast<size_t>(dice.below(8)));
      } else {
        text[at] = static_cast<char>(dice.below(256));
      }
    } else {
      // Its content, below a checksum that is right.
      std::string bytes;
      ASSERT_TRUE(from_base64url(text.data() + 4, text.size() - 4, &bytes));
      for (int64_t k = 1 + dice.below(3); k > 0 && bytes.size() > 5; --k) {
        const auto at = static_cast<size_t>(dice.below(static_cast<int64_t>(bytes.size()) - 4));
        if (dice.one_in(3)) {
          bytes.erase(at, 1);
        } else if (dice.one_in(3)) {
          bytes.insert(at, 1, static_cast<char>(dice.below(256)));
        } else {
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.below(8)));
        }
      }
      text = with_new_checksum(std::move(bytes));
    }
    Token read;
    const Status status = read_token(text, &read);
    if (is_checked) {
      ASSERT_EQ(status.ok(), text == original) << i;
    }
    if (status.ok()) {
      ++accepted;
      ASSERT_EQ(write_token(read), text) << i;
      for (const Token::Source& source : read.sources) {
        for (const Token::Topic& topic : source.topics) {
          ASSERT_FALSE(topic.partitions.empty());
          for (const Token::Partition& partition : topic.partitions) {
            ASSERT_GE(partition.frontier.next_offset, 0);
            ASSERT_GE(partition.end_offset, partition.frontier.next_offset);
            ASSERT_GE(partition.frontier.leader_epoch, kNoLeaderEpoch);
            ASSERT_GE(partition.partition, 0);
            ASSERT_EQ(topic.find(partition.partition), &partition);
          }
        }
      }
    } else {
      ASSERT_TRUE(status.code == ErrorCode::kTokenDamaged || status.code == ErrorCode::kTokenTooNew)
          << status.message;
    }
  }
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace tidemark::testing
