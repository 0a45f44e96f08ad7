// segment_tail: whether what stands behind the whole record batches of the last segment is the end
// of the log, as Kafka's recovery sees it, or a fault in its middle.
#pragma once

#include <cstdint>

#include "segments/log_directory.h"
#include "segments/segment_reader.h"
#include "status.h"

namespace tidemark {

// `*is_end`: from `at` on there is a batch that was not written to its end, or only zeros, as in a
// segment that is allocated in advance. A whole batch behind it proves that a length lies.
Status look_at_tail(const SegmentReader& file, const Segment& segment, uint64_t at, bool* is_end);

}  // namespace tidemark
