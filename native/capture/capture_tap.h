// CaptureTap: hands on what a source has of a partition, and the same to a capture. Nothing is
// copied: the two share the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "capture/capture_writer.h"
#include "log/partition_input.h"

namespace tidemark {

class CaptureTap final : public PartitionInput {
 public:
  CaptureTap(CaptureWriter& capture, uint32_t lane, PartitionInput& input)
      : capture_(capture), lane_(lane), input_(input) {}
  // What came without an owner, and must still be there, is copied.
  ~CaptureTap();

  void push(const RecordBatch& batch, BatchOwner owner, size_t bytes) override;
  void reach(int64_t offset) override { input_.reach(offset); }
  void fail(Status status) override { input_.fail(std::move(status)); }
  int64_t position() const override { return input_.position(); }

 private:
  CaptureWriter& capture_;
  const uint32_t lane_;
  PartitionInput& input_;
  CapturedPiece piece_;
};

}  // namespace tidemark
