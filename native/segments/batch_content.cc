#include "segments/batch_content.h"

namespace tidemark {

std::optional<ContentFault> open_content(const StoredBatch& stored, const uint8_t* batch,
                                         Inflater& inflater, ByteBuffer& inflated) {
  using Outcome = Inflater::Outcome;
  if (!stored.has_valid_checksum(batch)) {
    return ContentFault{ErrorCode::kCorruptRecordBatch,
                        "the record batch does not have the checksum that its header says"};
  }
  const size_t size = stored.bytes() - kStoredHeaderBytes;
  if (stored.codec() == 0 || size == 0) return std::nullopt;
  switch (inflater.inflate(stored.codec(), batch + kStoredHeaderBytes, size, inflated)) {
    case Outcome::kOk:
      return std::nullopt;
    case Outcome::kCorrupt:
      return ContentFault{ErrorCode::kCorruptRecordBatch, "the record batch cannot be inflated"};
    case Outcome::kTooLarge:
      return ContentFault{ErrorCode::kRecordTooLarge,
                          "the record batch inflates to more than 100,000,000 bytes"};
    case Outcome::kUnknownCodec:
      return ContentFault{ErrorCode::kUnsupportedFormat,
                          "the record batch is compressed by a codec that is not known"};
    case Outcome::kNoMemory:
      break;
  }
  return ContentFault{ErrorCode::kOutOfMemory, "there is no memory to inflate the record batch"};
}

}  // namespace tidemark
