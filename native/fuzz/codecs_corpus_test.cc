#include <gtest/gtest.h>

#include "fuzz/replay_corpus.h"
#include "fuzz/targets.h"

namespace tidemark::testing {
namespace {

TEST(FuzzCorpus, TheCodecsStand) { replay_corpus("codecs", fuzz_codecs); }

}  // namespace
}  // namespace tidemark::testing
