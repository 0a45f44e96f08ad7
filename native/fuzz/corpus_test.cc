// Of the targets that need no librdkafka.
#include <gtest/gtest.h>

#include "fuzz/replay_corpus.h"
#include "fuzz/targets.h"

namespace tidemark::testing {
namespace {

TEST(FuzzCorpus, TheDecoderStands) { replay_corpus("decoder", fuzz_decoder); }
TEST(FuzzCorpus, TheMergeStands) { replay_corpus("merge", fuzz_merge); }
TEST(FuzzCorpus, TheInflaterStands) { replay_corpus("inflate", fuzz_inflate); }
TEST(FuzzCorpus, TheReaderOfSegmentsStands) { replay_corpus("segments", fuzz_segments); }

TEST(FuzzCorpus, NoBytesAtAllAreAnInputToo) {
  fuzz_decoder(nullptr, 0);
  fuzz_merge(nullptr, 0);
  fuzz_inflate(nullptr, 0);
  fuzz_segments(nullptr, 0);
}

}  // namespace
}  // namespace tidemark::testing
