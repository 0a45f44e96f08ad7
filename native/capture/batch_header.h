// write_batch_header: what stands in front of the records of a record batch that is captured.
#pragma once

#include "log/record_batch.h"
#include "log/stored_batch.h"

namespace tidemark {

// Of `batch` as it was handed over: compressed if its records still are, written in no transaction
// that is still of interest, and by nobody. What has no records that can be read, a transaction
// marker or what was aborted, is as compaction leaves it: a batch without records covers its
// offsets.
StoredHeader write_batch_header(const RecordBatch& batch);

}  // namespace tidemark
