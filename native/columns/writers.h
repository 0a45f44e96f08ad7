// The writers of a record's own columns.
#pragma once

#include "columns/column_writer.h"

namespace tidemark {

ColumnWriterPtr write_key();
ColumnWriterPtr write_value();
ColumnWriterPtr write_topic();
ColumnWriterPtr write_partition();
ColumnWriterPtr write_offset();
ColumnWriterPtr write_timestamp();
ColumnWriterPtr write_timestamp_type();

}  // namespace tidemark
