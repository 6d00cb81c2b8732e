// Runs single tasks of a run: brings what they read, from wherever it can be had, and calls the
// kernel.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
  /// The digest of the chunk of a result that has this tile too, once that is stored.
  std::optional<std::uint64_t> chunk = std::nullopt;
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
      return site_.cache().get(number, [&] { return load(value, Access::shared); });
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
    Made made = evaluate(value.node());
    recovered_.clear();
    for (FinalTile& final : made.finals)
      if (final.name == name) return std::move(final.tile);
    throw internal_error("a task has not made the tile that it writes");
  }

  /// Bytes of objects that it has read.
  std::int64_t bytes_read() const { return bytes_read_; }
  /// Values that had to be computed again.
  std::int64_t recomputed() const { return recomputed_; }

 private:
  tile::Tile load(const Value& value, Access access = Access::own) {
    try {
      return site_.load(value, access, bytes_read_);
    } catch (const damaged_object&) {
      // It may have been damaged on its way.
      return site_.load(value, access, bytes_read_);
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
    require_task(value, error);
    tile::Tile tile;
    for (ValueTile& made : evaluate(value.node()).values)
      if (made.value == value) tile = std::move(made.tile);
    recovered_.clear();
    site_.objects().put_pieces(site_.keys().value(value), content_of(tile));
    return tile;
  }

  void require_task(const Value& value, const damaged_object& error) const {
    if (value.is_initial())
      throw input_error(
          text({error.what(), ": it is an initial tile of ",
                job_.program->arrays[static_cast<std::size_t>(value.tile().array)].name,
                ", which no task can compute"}));
  }

  // Runs a task outside of the protocol, and before it the tasks whose values it lacks, and those
  // that these lack: a chain of them may be as long as the program.
  Made evaluate(const Node& wanted) {
    std::vector<Value> pending;  // what `wanted` lacks, and what that lacks
    for (;;) {
      if (!pending.empty() && recovered_.contains(pending.back())) {
        pending.pop_back();
        continue;
      }
      const Node node = pending.empty() ? wanted : pending.back().node();
      std::vector<Value> lost;
      std::vector<ValueTile> inputs = gather(node, lost);
      if (!lost.empty()) {
        pending.insert(pending.end(), lost.begin(), lost.end());
        continue;
      }
      // What has no other reader is handed over.
      for (const ValueTile& input : inputs)
        if (site_.graph().reader_count(input.value) == 1) recovered_.erase(input.value);
      ++recomputed_;
      Made made = run(node, std::move(inputs));
      if (pending.empty()) return made;
      pending.pop_back();
      for (ValueTile& value : made.values) recovered_[value.value] = std::move(value.tile);
    }
  }

  // What a task reads, as far as it can be had.
  std::vector<ValueTile> gather(const Node& node, std::vector<Value>& lost) {
    std::vector<ValueTile> inputs;
    for (const Value& value : reads(node)) {
      if (const auto known = recovered_.find(value); known != recovered_.end()) {
        inputs.push_back({value, known->second});
        continue;
      }
      try {
        inputs.push_back({value, load(value)});
      } catch (const damaged_object& error) {
        require_task(value, error);
        lost.push_back(value);
      }
    }
    return inputs;
  }

  Site& site_;
  const std::function<bool()> is_moot_;
  const std::shared_ptr<FinalTiles> finals_;
  const Job job_;
  RunState state_;
  TaskRunner runner_;
  // Values that were computed again, for what else is computed with them.
  std::unordered_map<Value, tile::Tile, ValueHash> recovered_;
  std::int64_t recomputed_ = 0;
  std::int64_t bytes_read_ = 0;
};

}  // namespace lambdapack::exec::cloud
