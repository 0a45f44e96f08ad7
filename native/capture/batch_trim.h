// trim_batch: a record batch without its first records.
#pragma once

#include <cstdint>

#include "log/record_batch.h"

namespace tidemark {

// Makes `batch` begin at `offset`, which lies within it: without what is below, the offsets too. A
// fetch brings the whole record batch that the offset lies in. With what is below it, a capture
// would begin with other rows than the stream, and with another merge key; and where it goes on
// with a partition, its segments would overlap, which no reader takes. A record says its offset as
// the distance from its batch's: so all are written anew to `to`, which has room for batch->size
// bytes and outlives `batch`; it may be where they are. False when they do not parse, or their
// offsets do not increase.
bool trim_batch(RecordBatch* batch, int64_t offset, uint8_t* to);

}  // namespace tidemark
