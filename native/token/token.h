// Token: how far a stream was released, as one string that another stream can go on from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "log/frontier.h"
#include "log/phase.h"
#include "log/replay_range.h"
#include "log/topic_identity.h"
#include "status.h"

namespace tidemark {

struct Token {
  struct Partition {
    int32_t partition = 0;
    Frontier frontier;
    int64_t end_offset = 0;  // of the replay, not before the frontier; in live the frontier itself
  };
  struct Topic {
    std::string name;
    TopicId id = kNoTopicId;
    std::vector<Partition> partitions;  // one at least, by number
    // Null where it has none.
    const Partition* find(int32_t partition) const;
  };
  struct Source {
    std::string name;           // empty for the only one of a stream
    std::string cluster_id;     // empty: not known, as with files
    std::vector<Topic> topics;  // one at least, by the bytes of their names
    const Topic* find(const std::string& topic) const;
  };

  Phase phase = Phase::kReplay;
  bool read_committed = true;
  bool fail_on_late_record = false;
  int64_t cutoff = kNoCutoff;   // of the replay
  std::vector<Source> sources;  // one at least, by the bytes of their names
  const Source* find(const std::string& source) const;
};

// The same token is always the same text.
std::string write_token(const Token& token);

// kTokenDamaged, kTokenTooNew, or a token that write_token() makes `text` of.
Status read_token(const std::string& text, Token* token);

}  // namespace tidemark
