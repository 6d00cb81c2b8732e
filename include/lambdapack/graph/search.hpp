// Answers that are found among candidates, for arrays whose tiles are written more than once in
// programs with powers and logarithms. Candidates come in the order of the program, or against it,
// so that the first that fits settles the question; nothing is allocated.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/graph/ask.hpp"
#include "lambdapack/graph/node.hpp"

namespace lambdapack::detail {

/// Searches in the forms of one graph.
class Search {
 public:
  Search(const form::ClosedForms& forms, const std::vector<std::int64_t>& parameters)
      : forms_(&forms), ask_(forms, parameters) {}

  /// Whether `a` comes before `b` when the program runs.
  bool before(const Node& a, const Node& b) const {
    const std::vector<form::LoopPosition>& of_a = statement(a.line).loops;
    const std::vector<form::LoopPosition>& of_b = statement(b.line).loops;
    for (std::size_t level = 0;; ++level) {
      const int position_a = level < of_a.size() ? of_a[level].first_line : a.line;
      const int position_b = level < of_b.size() ? of_b[level].first_line : b.line;
      if (position_a != position_b) return position_a < position_b;
      if (level >= of_a.size() || level >= of_b.size()) return false;
      const std::int64_t x = a.indices[level], y = b.indices[level];
      if (x != y) return of_a[level].down ? y < x : x < y;
    }
  }

  /// Calls f(const Node&) for every distinct node that reads the value.
  template <class F>
  void readers(const Value& value, F&& f) const {
    if (value.is_initial()) return initial_readers(value, f);
    const TileName tile = output(value.line, value.slot, value.indices);
    const std::vector<form::Candidates>& all = output_form(value.line, value.slot).candidates;
    for_each_reader(all, value, tile, [&](std::size_t k, const Node& y) {
      for (std::size_t j = 0; j < k; ++j)
        if (all[j].line == y.line && all[j].slot != all[k].slot && sees(y, all[j].slot, tile, value))
          return;
      f(y);
    });
  }

  /// Calls f(const Node&) for every distinct node that reads a value of `node`.
  template <class F>
  void successors(const Node& node, F&& f) const {
    const form::StatementForms& s = statement(node.line);
    for (int a = 0; a < static_cast<int>(s.outputs.size()); ++a)
      readers_of_output(Value::of(node, a), [&](const Node& y) {
        for (int earlier = 0; earlier < a; ++earlier)
          if (reads(y, Value::of(node, earlier))) return;
        f(y);
      });
  }

  /// Calls f(const Node&) for every distinct node that wrote a value which `node` reads.
  template <class F>
  void predecessors(const Node& node, F&& f) const {
    const form::StatementForms& s = statement(node.line);
    for (int b = 0; b < static_cast<int>(s.inputs.size()); ++b)
      for_each_tile(node, b, [&](const TileName& tile) {
        const Value v = source(node, b, tile);
        if (!v.is_initial() && is_first(node, b, v)) f(v.node());
      });
  }

  /// The value that input `slot` of a node sees in one of its tiles.
  Value source(const Node& node, int slot, const TileName& tile) const {
    const form::Input& in = input(node.line, slot);
    std::array<std::int64_t, 2 * ir::max_depth> point;
    std::size_t n = 0;
    for (std::int64_t x : node.indices) point[n++] = x;
    if (in.list)
      for (std::int64_t x : tile.indices) point[n++] = x;
    const std::span<const std::int64_t> at(point.data(), n);
    if (in.searched) return last_of(in.candidates, at).value_or(Value::initial(tile));
    Value v = Value::initial(tile);
    ask_.values(in.source, at, tile, [&](const Value& seen) { v = seen; });
    return v;
  }

  /// The last value that is written to a tile.
  std::optional<Value> last_writer(const TileName& tile) const {
    return last_of(forms_->arrays[static_cast<std::size_t>(tile.array)].last_writers, tile.indices);
  }

  /// Calls f(const Node&) for every distinct node that reads the tile, whichever value it holds.
  template <class F>
  void tile_readers(const TileName& tile, F&& f) const {
    const std::vector<form::Candidates>& all =
        forms_->arrays[static_cast<std::size_t>(tile.array)].first_readers;
    for (std::size_t k = 0; k < all.size(); ++k)
      walk(all[k], tile.indices, [&](const Node& y) {
        if (!includes(y, all[k].slot, tile)) return true;
        for (std::size_t j = 0; j < k; ++j)
          if (all[j].line == y.line && all[j].slot != all[k].slot && includes(y, all[j].slot, tile))
            return true;
        f(y);
        return true;
      });
  }

  /// Whether a node waits for another.
  bool waits(const Node& node) const {
    const form::StatementForms& s = statement(node.line);
    if (!s.searched_predecessors) return ask_.yes(s.predecessors, node.indices);
    for (int b = 0; b < static_cast<int>(s.inputs.size()); ++b) {
      bool found = false;
      for_each_tile(node, b, [&](const TileName& tile) {
        found = found || !source(node, b, tile).is_initial();
      });
      if (found) return true;
    }
    return false;
  }

  /// Whether a node has successors.
  bool is_read(const Node& node) const {
    const form::StatementForms& s = statement(node.line);
    if (!s.searched_successors) return ask_.yes(s.successors, node.indices);
    bool found = false;
    successors(node, [&](const Node&) { found = true; });
    return found;
  }

 private:
  const form::StatementForms& statement(int line) const {
    return forms_->statements[static_cast<std::size_t>(line)];
  }
  const form::Input& input(int line, int slot) const {
    return statement(line).inputs[static_cast<std::size_t>(slot)];
  }
  const form::Output& output_form(int line, int slot) const {
    return statement(line).outputs[static_cast<std::size_t>(slot)];
  }
  TileName output(int line, int slot, const Indices& node) const {
    const form::Output& out = output_form(line, slot);
    TileName tile;
    tile.array = out.array;
    ask_.tile(out.tile, node, tile);
    return tile;
  }

  template <class F>
  void for_each_tile(const Node& node, int slot, F&& f) const {
    const form::Input& in = input(node.line, slot);
    ask_.tiles(in.tiles, node.indices, in.array, f);
  }

  // Calls f(node) for the candidates until it says false.
  template <class F>
  void walk(const form::Candidates& candidates, std::span<const std::int64_t> point, F&& f) const {
    ask_.until(candidates.nodes, candidates.line, point, [&](const Node& y) { return !f(y); });
  }

  bool includes(const Node& node, int slot, const TileName& tile) const {
    const form::Input& in = input(node.line, slot);
    if (in.array != tile.array) return false;
    std::array<std::int64_t, 2 * ir::max_depth> point;
    std::size_t n = 0;
    for (std::int64_t x : node.indices) point[n++] = x;
    for (std::int64_t x : tile.indices) point[n++] = x;
    return ask_.yes(in.includes, {point.data(), n});
  }

  bool sees(const Node& y, int slot, const TileName& tile, const Value& value) const {
    return includes(y, slot, tile) && source(y, slot, tile) == value;
  }

  // Calls f(number of the candidates, node) for the nodes among candidates that see the value. A
  // node that sees another one comes after a later write, and so do those behind it.
  template <class F>
  void for_each_reader(const std::vector<form::Candidates>& all, const Value& value,
                       const TileName& tile, F&& f) const {
    for (std::size_t k = 0; k < all.size(); ++k)
      walk(all[k], value.is_initial() ? std::span<const std::int64_t>(tile.indices)
                                      : std::span<const std::int64_t>(value.indices),
           [&](const Node& y) {
             if (!includes(y, all[k].slot, tile)) return true;
             if (!(source(y, all[k].slot, tile) == value)) return false;
             f(k, y);
             return true;
           });
  }

  template <class F>
  void initial_readers(const Value& value, F& f) const {
    const TileName tile = value.tile();
    const std::vector<form::Candidates>& all =
        forms_->arrays[static_cast<std::size_t>(tile.array)].first_readers;
    for_each_reader(all, value, tile, [&](std::size_t k, const Node& y) {
      for (std::size_t j = 0; j < k; ++j)
        if (all[j].line == y.line && all[j].slot != all[k].slot && sees(y, all[j].slot, tile, value))
          return;
      f(y);
    });
  }

  template <class F>
  void readers_of_output(const Value& value, F&& f) const {
    const form::Output& out = output_form(value.line, value.slot);
    if (out.searched) return readers(value, f);
    ask_.nodes(out.readers, value.indices, f);
  }

  // Whether y reads the value through any of its inputs.
  bool reads(const Node& y, const Value& value) const {
    const TileName tile = output(value.line, value.slot, value.indices);
    for (int b = 0; b < static_cast<int>(statement(y.line).inputs.size()); ++b)
      if (sees(y, b, tile, value)) return true;
    return false;
  }

  // Of all ways in which `node` depends on the writer of v, that by input b and this output is the
  // one with the smallest input and then output.
  bool is_first(const Node& node, int b, const Value& v) const {
    const Node writer = v.node();
    const int outputs = static_cast<int>(statement(v.line).outputs.size());
    for (int c = 0; c <= b; ++c)
      for (int a = 0; a < (c < b ? outputs : v.slot); ++a)
        if (sees(node, c, output(v.line, a, writer.indices), Value::of(writer, a))) return false;
    return true;
  }

  // The last in the order of the program: rounds from the nearest on, in each the last of all.
  std::optional<Value> last_of(const std::vector<form::Candidates>& all,
                               std::span<const std::int64_t> point) const {
    std::optional<Value> best;
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (best && all[k].round != all[k - 1].round) return best;
      walk(all[k], point, [&](const Node& z) {
        if (!best || before(best->node(), z)) best = Value::of(z, all[k].slot);
        return false;
      });
    }
    return best;
  }

  const form::ClosedForms* forms_;
  Ask ask_;
};

}  // namespace lambdapack::detail
