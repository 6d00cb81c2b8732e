// Runs single tasks of a run: brings what they read, from wherever it can be had, and calls the
// kernel.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/encoding.hpp"
#include "lambdapack/exec/cloud/site.hpp"
#include "lambdapack/exec/task_runner.hpp"

namespace lambdapack::exec::cloud {

/// A value and its tile.
struct ValueTile {
  Value value;
  tile::Tile tile;
};

/// What a task has made: values that others read, and tiles of results.
struct Made {
  std::vector<ValueTile> values;
  FinalTiles finals;
  bool handed_on = false;
};

/// Thrown where a task need not be run any more: somebody else has finished it.
struct Moot {};

/// For one thread at a time. After an exception from `run` it is not to be used any more.
class Evaluator {
 public:
  /// `is_moot()` is asked when a value is missing: the last reader of a value may be a second run
  /// of a task that has finished, after which the value is gone.
  explicit Evaluator(
      Site& site, std::function<bool()> is_moot = [] { return false; })
      : site_(site),
        is_moot_(std::move(is_moot)),
        finals_(std::make_shared<FinalTiles>()),
        job_{site.job().program, site.graph(), site.job().kernels, site.shapes(finals_)},
        state_(job_, 1),
        runner_(state_) {}

  /// The distinct values that a task reads and that are objects.
  std::vector<Value> reads(const Node& node) const {
    std::vector<Value> values;
    for (int slot = 0; slot < site_.graph().input_count(node.line); ++slot)
      site_.graph().sources(node, slot, [&](const Value& value) {
        if (site_.is_stored(value) &&
            std::find(values.begin(), values.end(), value) == values.end())
          values.push_back(value);
      });
    return values;
  }

  /// The tile of a value: from the cache, from the store, or, if its object is missing or damaged,
  /// computed again by the formulas. Throws Moot, or input_error if an initial tile is lost.
  tile::Tile bring(const Value& value) {
    const std::int64_t number = site_.numbering().number(value);
    // What nobody else will read is handed over, to be overwritten in place.
    if (site_.graph().reader_count(value) == 1) {
      if (tile::Tile tile = site_.cache().take(number)) return tile;
      return load_or_recover(value);
    }
    try {
      return site_.cache().get(number, [&] { return load(value); });
    } catch (const damaged_object& error) {
      return recover(value, error);
    }
  }

  /// Runs a task whose values, those of `reads`, have been brought. Throws as TaskRunner::run.
  Made run(const Node& node, std::vector<ValueTile> inputs) {
    for (ValueTile& input : inputs) state_.values.insert(input.value, std::move(input.tile), 1);
    Made made;
    made.handed_on = !runner_.run(node);
    for (int slot = 0; slot < site_.graph().output_count(node.line); ++slot) {
      const Value value = Value::of(node, slot);
      if (site_.graph().reader_count(value) == 0) continue;
      Cell& cell = state_.values.at(value);
      made.values.push_back({value, cell.tile});
      for (std::int64_t n = cell.readers.load(); n > 0; --n) state_.values.release(value, cell);
    }
    made.finals = std::exchange(*finals_, {});
    return made;
  }

  /// The tile of a result that is lost, by computing it again.
  tile::Tile compute(const Value& value, const TileName& name) {
    for (FinalTile& final : evaluate(value.node()).finals)
      if (final.name == name) return std::move(final.tile);
    throw internal_error("a task has not made the tile that it writes");
  }

  /// Bytes of objects that it has read.
  std::int64_t bytes_read() const { return bytes_read_; }
  /// Values that had to be computed again.
  std::int64_t recomputed() const { return recomputed_; }

 private:
  tile::Tile load(const Value& value) {
    const std::string key = site_.keys().value(value);
    for (int tries = 0;; ++tries) {
      const std::optional<std::string> bytes = site_.objects().get(key);
      if (!bytes) detail::refuse_object(key, "it is missing");
      bytes_read_ += static_cast<std::int64_t>(bytes->size());
      try {
        return decode(*bytes, site_.type_of(value), key);
      } catch (const damaged_object&) {
        if (tries == 1) throw;  // The first may have been damaged on its way.
      }
    }
  }

  tile::Tile load_or_recover(const Value& value) {
    try {
      return load(value);
    } catch (const damaged_object& error) {
      return recover(value, error);
    }
  }

  tile::Tile recover(const Value& value, const damaged_object& error) {
    if (is_moot_()) throw Moot{};
    if (value.is_initial())
      throw input_error(
          text({error.what(), ": it is an initial tile of ",
                job_.program->arrays[static_cast<std::size_t>(value.tile().array)].name,
                ", which no task can compute"}));
    const bool outermost = recovered_.empty();
    tile::Tile tile = recover(value);
    if (outermost) recovered_.clear();
    site_.objects().put(site_.keys().value(value), encode(tile));
    return tile;
  }

  tile::Tile recover(const Value& value) {
    if (const auto known = recovered_.find(value); known != recovered_.end()) return known->second;
    for (ValueTile& made : evaluate(value.node()).values)
      recovered_[made.value] = std::move(made.tile);
    return recovered_.at(value);
  }

  // Runs a task outside of the protocol.
  Made evaluate(const Node& node) {
    ++recomputed_;
    std::vector<ValueTile> inputs;
    for (const Value& value : reads(node)) {
      tile::Tile tile;
      if (const auto known = recovered_.find(value); known != recovered_.end()) {
        tile = known->second;
      } else {
        try {
          tile = load(value);
        } catch (const damaged_object& error) {
          if (value.is_initial()) recover(value, error);
          tile = recover(value);
        }
      }
      inputs.push_back({value, std::move(tile)});
    }
    return run(node, std::move(inputs));
  }

  Site& site_;
  const std::function<bool()> is_moot_;
  const std::shared_ptr<FinalTiles> finals_;
  const Job job_;
  RunState state_;
  TaskRunner runner_;
  std::unordered_map<Value, tile::Tile, ValueHash> recovered_;
  std::int64_t recomputed_ = 0;
  std::int64_t bytes_read_ = 0;
};

}  // namespace lambdapack::exec::cloud
