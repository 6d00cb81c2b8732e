// The values that are alive on one machine: written and not yet read by all of their readers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "lambdapack/graph/node.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec {

/// A value and how many nodes have yet to read it.
struct Cell {
  std::mutex loading;
  tile::Tile tile;
  std::atomic<std::int64_t> readers{0};
};

/// A hash table of values in shards. A cell stays where it is until its last reader lets it go.
class ValueTable {
 public:
  /// Adds a value that was written; it has at least one reader.
  void insert(const Value& value, tile::Tile tile, std::int64_t readers) {
    Shard& s = shard(value);
    const std::lock_guard lock(s.mutex);
    Cell& cell = s.cells[value];
    cell.tile = std::move(tile);
    cell.readers.store(readers, std::memory_order_relaxed);
  }

  /// The cell of a value that was inserted.
  Cell& at(const Value& value) {
    Shard& s = shard(value);
    const std::lock_guard lock(s.mutex);
    const auto found = s.cells.find(value);
    if (found == s.cells.end()) throw internal_error("a task reads a value that is not there");
    return found->second;
  }

  /// The cell of an initial value; made, with `count()` readers and no tile, if it is not there.
  template <class Count>
  Cell& at_or_make(const Value& value, Count&& count) {
    Shard& s = shard(value);
    const std::lock_guard lock(s.mutex);
    const auto [entry, fresh] = s.cells.try_emplace(value);
    if (fresh) entry->second.readers.store(count(), std::memory_order_relaxed);
    return entry->second;
  }

  /// One reader is done; the last one frees the value.
  void release(const Value& value, Cell& cell) {
    if (cell.readers.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    Shard& s = shard(value);
    const std::lock_guard lock(s.mutex);
    s.cells.erase(value);
  }

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Value, Cell, ValueHash> cells;
  };

  Shard& shard(const Value& value) { return shards_[(ValueHash{}(value) >> 56) % shards_.size()]; }

  std::array<Shard, 64> shards_;
};

}  // namespace lambdapack::exec
