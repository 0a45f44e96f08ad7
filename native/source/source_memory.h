// SourceMemory: where the memory of a source is, in bytes.
#pragma once

#include <cstddef>

namespace tidemark {

struct SourceMemory {
  // Record batches, and beside them what holds each of them.
  struct Batches {
    size_t payload = 0;
    size_t overhead = 0;
  };

  size_t responses = 0;  // of brokers, that are arriving or being read
  Batches queued;        // read, and not taken by the engine
  Batches taken;         // by the engine, and not let go by it or by a capture
  size_t spare = 0;      // buffers that wait to be used again
  size_t client = 0;     // the client's own, about

  SourceMemory& operator+=(const SourceMemory& other) {
    responses += other.responses;
    queued.payload += other.queued.payload;
    queued.overhead += other.queued.overhead;
    taken.payload += other.taken.payload;
    taken.overhead += other.taken.overhead;
    spare += other.spare;
    client += other.client;
    return *this;
  }
};

}  // namespace tidemark
