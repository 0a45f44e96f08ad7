// Run: records that the merge has released, as the writers of columns get them.
#pragma once

#include <cstddef>

#include "log/origin.h"
#include "log/record.h"

namespace tidemark {

// Records of one record batch that follow each other, where they were decoded.
struct Run {
  const Origin& origin;
  const Record* records;
  size_t count;
};

}  // namespace tidemark
