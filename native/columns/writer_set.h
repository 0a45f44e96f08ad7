// WriterSet: the writers of the columns of a schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "columns/column_writer.h"
#include "columns/known_columns.h"
#include "columns/run.h"
#include "columns/schema.h"

namespace tidemark {

class WriterSet {
 public:
  explicit WriterSet(const Schema& schema) {
    for (const Column& column : schema) {
      chosen_ |= 1u << column.line;
      each(1u << column.line, [this](ColumnWriter& writer) { in_order_.push_back(&writer); });
    }
  }
  WriterSet(const WriterSet&) = delete;
  WriterSet& operator=(const WriterSet&) = delete;

  const std::vector<ColumnWriter*>& in_order() const { return in_order_; }

  // As the writers have them (writers.h). A column that was not chosen costs a bit that is tested.
  __attribute__((always_inline)) size_t measure(const Run& run, size_t row) {
    size_t bytes = 0;
    each(chosen_, [&](auto& writer) { bytes += writer.measure(run, row); });
    return bytes;
  }
  __attribute__((always_inline)) void write(const Run& run, size_t row) {
    each(chosen_, [&](auto& writer) { writer.write(run, row); });
  }

 private:
  template <typename... Writers>
  static std::tuple<Writers...> writers_of(const std::tuple<Line<Writers>...>&);
  using All = decltype(writers_of(kKnownColumns));

  // Expected, so that for the usual columns no jump is taken.
  static bool is_in(uint32_t lines, size_t line) {
    return __builtin_expect((lines >> line & 1) != 0, true);
  }
  template <typename Do>
  __attribute__((always_inline)) void each(uint32_t lines, Do&& what) {
    each(lines, what, std::make_index_sequence<std::tuple_size_v<All>>());
  }
  template <typename Do, size_t... kLine>
  __attribute__((always_inline)) void each(uint32_t lines, Do&& what,
                                           std::index_sequence<kLine...>) {
    ((is_in(lines, kLine) ? what(std::get<kLine>(all_)) : void()), ...);
  }

  All all_;
  uint32_t chosen_ = 0;  // a bit a line
  std::vector<ColumnWriter*> in_order_;
};

}  // namespace tidemark
