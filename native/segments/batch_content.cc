#include "segments/batch_content.h"

#include "log/record_batch_decoder.h"

namespace tidemark {
namespace {

// The key of a marker's record: a version, then what kind it is of. Both are two bytes, and later
// versions may have more.
constexpr int32_t kMarkerKeyBytes = 4;

ContentFault too_large(const std::string& how) {
  return {ErrorCode::kRecordTooLarge, "the records of the record batch " + how + " more than " +
                                          std::to_string(kMostInflatedBytes) + " bytes"};
}

}  // namespace

std::optional<ContentFault> check_size(const StoredBatch& stored) {
  if (!stored.is_too_large()) return std::nullopt;
  return too_large("take");
}

std::optional<ContentFault> check_content(const StoredBatch& stored, const uint8_t* batch) {
  if (stored.has_valid_checksum(batch)) return std::nullopt;
  return ContentFault{ErrorCode::kCorruptRecordBatch,
                      "the record batch does not have the checksum that its header says"};
}

std::optional<ContentFault> open_content(const StoredBatch& stored, const uint8_t* batch,
                                         Inflater& inflater, ByteBuffer& inflated) {
  using Outcome = Inflater::Outcome;
  if (const auto fault = check_content(stored, batch)) return fault;
  const size_t size = stored.bytes() - kStoredHeaderBytes;
  if (stored.codec() == 0 || size == 0) return std::nullopt;
  switch (inflater.inflate(stored.codec(), batch + kStoredHeaderBytes, size, inflated)) {
    case Outcome::kOk:
      return std::nullopt;
    case Outcome::kCorrupt:
      return ContentFault{ErrorCode::kCorruptRecordBatch, "the record batch cannot be inflated"};
    case Outcome::kTooLarge:
      return too_large("inflate to");
    case Outcome::kUnsupported:
      return ContentFault{ErrorCode::kUnsupportedFormat,
                          "the record batch is compressed with a dictionary"};
    case Outcome::kUnknownCodec:
      return ContentFault{ErrorCode::kUnsupportedFormat,
                          "the record batch is compressed by a codec that is not known"};
    case Outcome::kNoMemory:
      break;
  }
  return ContentFault{ErrorCode::kOutOfMemory, "there is no memory to inflate the record batch"};
}

std::optional<ContentFault> open_marker(const StoredBatch& stored, const uint8_t* batch,
                                        Inflater& inflater, Marker* marker) {
  *marker = Marker::kNone;
  ByteBuffer inflated;
  if (const auto fault = open_content(stored, batch, inflater, inflated)) return fault;
  RecordBatch records = stored.bare(RecordBatchKind::kRecords);
  const bool is_inflated = stored.codec() != 0;
  records.records = is_inflated ? inflated.data() : batch + kStoredHeaderBytes;
  records.size = is_inflated ? inflated.size() : stored.bytes() - kStoredHeaderBytes;
  RecordBatchDecoder decoder;
  bool is_good = decoder.open(records) == nullptr;
  while (is_good && decoder.remaining() > 0) {
    Record record;
    size_t count = 0;
    is_good = decoder.decode(&record, 1, &count) == nullptr && record.key_size >= kMarkerKeyBytes;
    // The first one says it, as in Kafka; no broker writes two.
    if (!is_good || *marker != Marker::kNone || record.key[2] != 0) continue;
    if (record.key[3] == 0) *marker = Marker::kAbort;
    if (record.key[3] == 1) *marker = Marker::kCommit;
  }
  if (is_good) return std::nullopt;
  return ContentFault{ErrorCode::kCorruptRecordBatch,
                      "the transaction marker of the control batch does not parse"};
}

}  // namespace tidemark
