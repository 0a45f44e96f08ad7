// Schema: the columns of a RecordBatch. What a column is follows from its line in known_columns.h
// alone: its place in a slab, how it is handed over, and the Arrow type that the facade gives it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tidemark {

// The names that the partitions of a stream have in their columns, each sorted by its bytes.
struct Dictionaries {
  std::vector<std::string> topics;
  std::vector<std::string> sources;
};

// The words of a column whose values are indices into a dictionary.
using Words = std::vector<std::string> (*)(const Dictionaries& dictionaries);

struct Column {
  const char* name;
  const char* format;  // of the Arrow C data interface; with a dictionary, that of the indices
  bool nullable;
  Words dictionary;  // nullptr: the values are themselves
  size_t line;       // of the list of all columns
};

using Schema = std::vector<Column>;

// All columns that there are, the usual ones first.
const Schema& known_columns();
// Those of `names`, in that order; names that are not known are left out.
Schema choose_columns(const std::vector<std::string>& names);

}  // namespace tidemark
