// The columns that a stream has where nobody chooses others.
#pragma once

#include "columns/schema.h"

namespace tidemark::testing {

inline Schema record_columns() {
  return choose_columns({"key", "value", "topic", "partition", "offset", "timestamp"});
}

// The same, and which source a record is from.
inline Schema columns_with_source() {
  return choose_columns({"key", "value", "topic", "partition", "offset", "timestamp", "source"});
}

}  // namespace tidemark::testing
