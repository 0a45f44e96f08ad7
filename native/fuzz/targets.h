// Targets: what is fuzzed. Each takes any bytes and fails, by an assertion of GoogleTest or in a
// sanitizer, when the code under test does something wrong with what they stand for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tidemark::testing {

// A record batch with lies in it, whole and in windows, against a decoder that is slow and plain.
void fuzz_decoder(const uint8_t* bytes, size_t size);
// Logs and an event script, against the oracle of the simulation.
void fuzz_merge(const uint8_t* bytes, size_t size);
// A compressed record batch with faults below its CRC, through librdkafka's reader, against the
// codecs' own libraries.
void fuzz_codecs(const uint8_t* bytes, size_t size);

// A compressed record batch, good or damaged, against the same libraries.
void fuzz_inflate(const uint8_t* bytes, size_t size);
// A folder of segments with faults in it, checksums made good again, against a reader that is slow
// and plain.
void fuzz_segments(const uint8_t* bytes, size_t size);

}  // namespace tidemark::testing
