// The values that are alive on one machine: written and not yet read by all of their readers.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

#include "lambdapack/exec/detail/locks.hpp"
#include "lambdapack/exec/detail/table.hpp"
#include "lambdapack/exec/held_bytes.hpp"
#include "lambdapack/exec/numbering.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec {

/// A value and how many nodes have yet to read it; 0 if it is not there yet.
struct Cell {
  detail::WaitLock loading;
  tile::Tile tile;
  std::atomic<std::int64_t> readers{0};
};

/// Cells by the numbers of their values. A cell stays where it is until its last reader lets it go.
class ValueTable {
 public:
  /// Up to `most_dense` cells are an array.
  explicit ValueTable(const Numbering& numbering, std::int64_t most_dense = detail::most_dense)
      : numbering_(numbering), cells_(numbering.values(), most_dense) {}

  /// Adds a value that was written; it has at least one reader.
  void insert(const Value& value, tile::Tile tile, std::int64_t readers) {
    Cell& cell = cells_.at(numbering_.number(value));
    cell.tile = std::move(tile);
    cell.readers.store(readers, std::memory_order_relaxed);
  }

  /// The value will be inserted soon.
  void fetch(const Value& value) const { cells_.fetch(numbering_.number(value)); }

  /// The cell of a value that was inserted.
  Cell& at(const Value& value) {
    Cell& cell = cells_.at(numbering_.number(value));
    if (cell.readers.load(std::memory_order_relaxed) == 0)
      throw internal_error("a task reads a value that is not there");
    return cell;
  }

  /// The cell of an initial value, with `count()` readers and no tile if nobody has asked before.
  template <class Count>
  Cell& at_or_make(const Value& value, Count&& count) {
    Cell& cell = cells_.at(numbering_.number(value));
    const std::lock_guard lock(cell.loading);
    if (cell.readers.load(std::memory_order_relaxed) == 0)
      cell.readers.store(count(), std::memory_order_relaxed);
    return cell;
  }

  /// So many readers are done; the last one frees the value. Returns the bytes that were freed.
  std::int64_t release(const Value& value, Cell& cell, std::int64_t readers = 1) {
    if (cell.readers.fetch_sub(readers, std::memory_order_acq_rel) != readers) return 0;
    const std::int64_t bytes = bytes_of(cell.tile);
    cell.tile = {};
    cells_.drop(numbering_.number(value));
    return bytes;
  }

 private:
  const Numbering& numbering_;
  detail::Table<Cell> cells_;
};

}  // namespace lambdapack::exec
