// The task graph of a program at given sizes: closed forms and a handful of integers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/count_text.hpp"
#include "lambdapack/graph/ask.hpp"
#include "lambdapack/graph/formula_bytes.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/graph/search.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

/// A walk over nodes that can be left and taken up again; `next` gives one node at a time.
class NodeCursor {
 public:
  explicit NodeCursor(form::Cursor cursor) : cursor_(cursor) {}
  /// Without the nodes of which `skip` is true; what `search` looks at must outlive the cursor.
  NodeCursor(form::Cursor cursor, const detail::Search& search,
             bool (detail::Search::*skip)(const Node&) const)
      : cursor_(cursor), search_(search), skip_(skip) {}

  bool next(Node& node) {
    int size = 0;
    while (cursor_.next(node.line, size, node.indices.data())) {
      node.indices.resize(static_cast<std::size_t>(size));
      if (!search_ || !((*search_).*skip_)(node)) return true;
    }
    return false;
  }

 private:
  form::Cursor cursor_;
  std::optional<detail::Search> search_;
  bool (detail::Search::*skip_)(const Node&) const = nullptr;
};

/// Immutable, a few kilobytes whatever the sizes; every query may come from any thread, takes no
/// lock and allocates nothing. Copies share the forms. A node that is asked about must exist
/// (`contains` tells); the answer for one that does not is unspecified.
class TaskGraph {
 public:
  /// The graph for given parameters, in the program's order. Throws input_error if there are too
  /// few or too many, if one is negative or exceeds 2^40, or if the program asks more of them.
  TaskGraph(std::shared_ptr<const form::ClosedForms> forms, std::vector<std::int64_t> parameters)
      : forms_(std::move(forms)), parameters_(std::move(parameters)) {
    check_parameters();
  }

  const form::ClosedForms& forms() const { return *forms_; }
  /// The forms for a graph of the same program at other sizes.
  const std::shared_ptr<const form::ClosedForms>& shared_forms() const { return forms_; }
  const std::vector<std::int64_t>& parameters() const { return parameters_; }
  int statements() const { return static_cast<int>(forms_->statements.size()); }
  /// The name of a statement's kernel.
  const std::string& kernel(int line) const { return statement(line).kernel; }

  /// Bytes of all the formulas, which is what a worker needs of the graph.
  std::size_t formula_bytes() const { return detail::formula_bytes(*forms_); }

  /// Whether the node exists.
  bool contains(const Node& node) const {
    return node.line >= 0 && node.line < statements() &&
           static_cast<int>(node.indices.size()) == statement(node.line).depth &&
           ask().yes(statement(node.line).contains, node.indices);
  }

  /// The number of nodes of one statement, or of all. Where the sum of a formula exceeds 64 bits
  /// input_error is thrown. Without a formula (`has_count_formula`) the nodes are counted.
  std::int64_t size(int line) const {
    const form::CountForm& count = count_of(line);
    if (!count.known) return ask().number(statement(line).instances);
    return value(count, [&] { return "tasks of " + kernel(line); });
  }
  std::int64_t size() const {
    std::int64_t total = 0;
    for (int line = 0; line < statements(); ++line)
      if (__builtin_add_overflow(total, size(line), &total))
        throw input_error("lambdapack: " + forms_->program +
                          " has more than 2^63 tasks at these sizes; use larger tiles");
    return total;
  }
  bool has_count_formula(int line) const { return count_of(line).known; }
  /// The formula as text in the parameters' names: `(n^2 - n)/2`; empty if there is none.
  std::string count_formula(int line) const {
    return to_string(count_of(line), forms_->parameters);
  }

  /// The pairs of statements between whose nodes there are edges, at these sizes or at others; in a
  /// program with powers or logarithms also pairs for which that is not ruled out.
  const std::vector<form::EdgeFamily>& edge_families() const { return forms_->edges; }
  /// The number of edges of one family (pairs of nodes of which the second reads a value of the
  /// first), or of all. Throws as `size` does. Without a formula (`family.count.known`) they are
  /// counted, which takes a time proportional to the nodes and edges of statement `family.from`.
  std::int64_t edges(const form::EdgeFamily& family) const {
    if (family.count.known)
      return value(family.count, [&] {
        return "edges from " + kernel(family.from) + " to " + kernel(family.to);
      });
    std::int64_t total = 0;
    NodeCursor from(ask().cursor(statement(family.from).instances));
    for (Node node; from.next(node);)
      successors(node, [&](const Node& to) { total += to.line == family.to ? 1 : 0; });
    return total;
  }
  std::int64_t edges() const {
    std::int64_t total = 0;
    for (const form::EdgeFamily& family : edge_families())
      if (__builtin_add_overflow(total, edges(family), &total))
        throw input_error("lambdapack: " + forms_->program +
                          " has more than 2^63 edges at these sizes; use larger tiles");
    return total;
  }
  /// The formula of a family as text in the parameters' names; empty if there is none.
  std::string edge_formula(const form::EdgeFamily& family) const {
    return to_string(family.count, forms_->parameters);
  }

  /// Whether the program would run `a` before `b`. Neither need exist.
  bool before(const Node& a, const Node& b) const { return search().before(a, b); }

  /// All nodes in the order in which the program would run them.
  NodeCursor tasks() const { return NodeCursor(ask().cursor(forms_->tasks)); }
  /// The nodes of statement `line` that wait for no other node.
  NodeCursor roots(int line) const {
    const form::StatementForms& s = statement(line);
    return s.filtered_roots ? NodeCursor(ask().cursor(s.roots), search(), &detail::Search::waits)
                            : NodeCursor(ask().cursor(s.roots));
  }
  /// The nodes of statement `line` whose values no node reads.
  NodeCursor sinks(int line) const {
    const form::StatementForms& s = statement(line);
    return s.filtered_sinks ? NodeCursor(ask().cursor(s.sinks), search(), &detail::Search::is_read)
                            : NodeCursor(ask().cursor(s.sinks));
  }

  /// Calls f(const Node&) for all nodes, in the program's order.
  template <class F>
  void for_each_task(F&& f) const {
    ask().nodes(forms_->tasks, {}, f);
  }
  /// Calls f(const Node&) for every node that waits for no other.
  template <class F>
  void roots(F&& f) const {
    Node node;
    for (int line = 0; line < statements(); ++line)
      for (NodeCursor c = roots(line); c.next(node);) f(std::as_const(node));
  }
  /// Calls f(const Node&) for every node whose values no node reads.
  template <class F>
  void sinks(F&& f) const {
    Node node;
    for (int line = 0; line < statements(); ++line)
      for (NodeCursor c = sinks(line); c.next(node);) f(std::as_const(node));
  }
  /// Calls f(const Node&) for the distinct nodes that read a value which `node` writes.
  template <class F>
  void successors(const Node& node, F&& f) const {
    const form::StatementForms& s = statement(node.line);
    if (s.searched_successors) return search().successors(node, f);
    ask().nodes(s.successors, node.indices, f);
  }
  /// Calls f(const Node&) for the distinct nodes that write a value which `node` reads.
  template <class F>
  void predecessors(const Node& node, F&& f) const {
    const form::StatementForms& s = statement(node.line);
    if (s.searched_predecessors) return search().predecessors(node, f);
    ask().nodes(s.predecessors, node.indices, f);
  }
  /// The number of distinct nodes that `node` waits for.
  std::int64_t in_degree(const Node& node) const {
    const form::StatementForms& s = statement(node.line);
    if (!s.searched_predecessors) return ask().number(s.predecessors, node.indices);
    std::int64_t n = 0;
    search().predecessors(node, [&](const Node&) { ++n; });
    return n;
  }

  /// Calls f(const Node&) for the distinct nodes that read this value.
  template <class F>
  void readers(const Value& value, F&& f) const {
    if (is_searched(value)) return search().readers(value, f);
    ask().nodes(readers_form(value), value.indices, f);
  }
  /// The same nodes by stretches, where they lie in equal steps: calls f(const NodeRun&). Takes a
  /// time proportional to the number of stretches.
  template <class F>
  void reader_runs(const Value& value, F&& f) const {
    if (!is_searched(value)) return ask().node_runs(readers_form(value), value.indices, f);
    NodeRun run;
    search().readers(value, [&](const Node& node) {
      run.first = node;
      run.step.resize(node.indices.size());
      std::fill_n(run.step.data(), run.step.size(), 0);
      f(std::as_const(run));
    });
  }
  /// The number of distinct nodes that read this value.
  std::int64_t reader_count(const Value& value) const {
    if (!is_searched(value)) return ask().number(readers_form(value), value.indices);
    std::int64_t n = 0;
    search().readers(value, [&](const Node&) { ++n; });
    return n;
  }
  /// The node that is the last in the program's order to read this value, nothing if none does.
  /// Asks all readers: takes a time proportional to their number.
  std::optional<Node> last_reader(const Value& value) const {
    std::optional<Node> last;
    readers(value, [&](const Node& node) {
      if (!last || before(*last, node)) last = node;
    });
    return last;
  }
  /// Calls f(const Node&) for the distinct nodes that read the tile, whichever value it holds.
  template <class F>
  void readers(const TileName& tile, F&& f) const {
    const form::ArrayForms& a = array(tile.array);
    if (a.filtered_readers) return search().tile_readers(tile, f);
    ask().nodes(a.readers, tile.indices, f);
  }
  /// Calls f(const Value&) for every value that is written to the tile.
  template <class F>
  void writers(const TileName& tile, F&& f) const {
    ask().values(array(tile.array).writers, tile.indices, tile, f);
  }
  /// The value that a tile of a bound array holds at the end; nothing if no node writes it.
  std::optional<Value> writer(const TileName& tile) const {
    std::optional<Value> last;
    if (is_inside(tile) && array(tile.array).searched) return search().last_writer(tile);
    if (is_inside(tile))
      ask().values(array(tile.array).final_writer, tile.indices, tile,
                   [&](const Value& v) { last = v; });
    return last;
  }

  /// Whether the array's tiles are the caller's; a temp's come and go with the run.
  bool is_bound(int a) const { return array(a).bound; }
  int arrays() const { return static_cast<int>(forms_->arrays.size()); }
  /// The name of an array.
  const std::string& array_name(int a) const { return array(a).name; }

  /// The numbers of inputs and outputs of a statement, and whether an input is a run of tiles.
  int input_count(int line) const { return static_cast<int>(statement(line).inputs.size()); }
  int output_count(int line) const { return static_cast<int>(statement(line).outputs.size()); }
  bool input_is_list(int line, int slot) const { return input(line, slot).list; }

  /// Calls f(const TileName&, const Value&) for the tile, or the tiles of a run in order, that
  /// input `slot` of a node names, with the value that it sees there.
  template <class F>
  void inputs(const Node& node, int slot, F&& f) const {
    const form::Input& in = input(node.line, slot);
    ask().tiles(in.tiles, node.indices, in.array,
                [&](const TileName& tile) { input_value(node, slot, in, tile, f); });
  }

  /// Calls f(const Value&) for the values alone.
  template <class F>
  void sources(const Node& node, int slot, F&& f) const {
    const form::Input& in = input(node.line, slot);
    const auto value_of = [&](const TileName&, const Value& value) { f(value); };
    if (in.list || in.searched) return inputs(node, slot, value_of);
    // One tile, whose name nobody needs if something has written it.
    bool initial = true;
    ask().values(in.source, node.indices, {}, [&](const Value& value) {
      if (value.is_initial()) return;
      initial = false;
      f(value);
    });
    if (initial)
      ask().tiles(in.tiles, node.indices, in.array,
                  [&](const TileName& tile) { f(Value::initial(tile)); });
  }

  /// The tile that output `slot` of a node writes.
  TileName output(const Node& node, int slot) const {
    const form::Output& out = output_form(node.line, slot);
    TileName written;
    written.array = out.array;
    ask().tile(out.tile, node.indices, written);
    return written;
  }
  /// Whether output `slot` of a node is what its tile, of a bound array, holds at the end.
  bool is_final(const Node& node, int slot) const {
    const form::Output& out = output_form(node.line, slot);
    const form::ArrayForms& a = array(out.array);
    if (!a.searched || out.final.offset >= 0 ||
        a.extents.size() != static_cast<std::size_t>(a.rank))
      return ask().yes(out.final, node.indices);
    return search().last_writer(output(node, slot)) == Value::of(node, slot);
  }

  /// The value of a scalar argument that is computed from the indices (`scalar.value` is a form).
  std::int64_t scalar(const Node& node, const form::ScalarForm& scalar) const {
    return ask().value(scalar.value, node.indices);
  }

 private:
  const form::CountForm& count_of(int line) const {
    if (line < 0 || line >= statements())
      throw input_error("lambdapack: " + forms_->program + " has no statement " +
                        std::to_string(line) + "; its " + std::to_string(statements()) +
                        " statements count from 0");
    return forms_->counts[static_cast<std::size_t>(line)];
  }
  detail::Ask ask() const { return {*forms_, parameters_}; }
  detail::Search search() const { return {*forms_, parameters_}; }
  bool is_searched(const Value& v) const {
    if (!v.is_initial()) return output_form(v.line, v.slot).searched;
    const form::ArrayForms& a = array(v.tile().array);
    return a.searched || a.filtered_readers;
  }
  const form::StatementForms& statement(int line) const {
    if (line < 0 || line >= statements()) throw no_statement(line);
    return forms_->statements[static_cast<std::size_t>(line)];
  }
  const form::ArrayForms& array(int a) const { return forms_->arrays[static_cast<std::size_t>(a)]; }
  const form::Input& input(int line, int slot) const {
    return statement(line).inputs[static_cast<std::size_t>(slot)];
  }
  const form::Output& output_form(int line, int slot) const {
    return statement(line).outputs[static_cast<std::size_t>(slot)];
  }
  form::Entry readers_form(const Value& v) const {
    return v.is_initial() ? array(v.tile().array).initial_readers
                          : output_form(v.line, v.slot).readers;
  }
  // Hands over the value that an input sees in one of its tiles.
  template <class F>
  void input_value(const Node& node, int slot, const form::Input& in, const TileName& tile,
                   F& f) const {
    if (in.searched) {
      f(tile, search().source(node, slot, tile));
      return;
    }
    std::array<std::int64_t, 2 * ir::max_depth> point;
    std::size_t n = 0;
    for (std::int64_t x : node.indices) point[n++] = x;
    if (in.list)
      for (std::int64_t x : tile.indices) point[n++] = x;
    bool written = false;
    ask().values(in.source, {point.data(), n}, tile, [&](const Value& v) {
      written = true;
      f(tile, v);
    });
    if (!written) f(tile, Value::initial(tile));
  }

  bool is_inside(const TileName& tile) const {
    const form::ArrayForms& a = array(tile.array);
    if (a.extents.size() != tile.indices.size()) return false;
    for (std::size_t d = 0; d < a.extents.size(); ++d)
      if (tile.indices[d] < 0 ||
          tile.indices[d] >= parameters_[static_cast<std::size_t>(a.extents[d])])
        return false;
    return true;
  }

  template <class What>
  std::int64_t value(const form::CountForm& count, What&& of_what) const {
    __int128 total = 0;
    for (const form::CountPiece& piece : count.pieces)
      if (ask().yes(piece.applies)) total += evaluate(piece);
    if (total > INT64_MAX)
      throw input_error("lambdapack: " + forms_->program + " has more than 2^63 " + of_what() +
                        " at these sizes; use larger tiles");
    return static_cast<std::int64_t>(total);
  }

  __int128 evaluate(const form::CountPiece& piece) const {
    __int128 sum = 0;
    for (const form::Monomial& m : piece.terms) {
      __int128 product = m.coefficient;
      for (std::size_t p = 0; p < m.exponents.size(); ++p)
        for (int e = 0; e < m.exponents[p]; ++e)
          if (__builtin_mul_overflow(product, static_cast<__int128>(parameters_[p]), &product))
            throw too_many();
      if (__builtin_add_overflow(sum, product, &sum)) throw too_many();
    }
    return sum / piece.denominator;
  }
  input_error no_statement(int line) const {
    return input_error(text({"lambdapack: there is no statement ", line, "; the program has ",
                             statements(), ", counted from 0"}));
  }

  input_error too_many() const {
    return input_error("lambdapack: a number of tasks or edges of " + forms_->program +
                       " at these sizes exceeds 128-bit arithmetic; use larger tiles");
  }

  void check_parameters() const {
    if (parameters_.size() != forms_->parameters.size())
      throw input_error(
          "lambdapack: " + forms_->program + " has " + std::to_string(forms_->parameters.size()) +
          " sizes, but " + std::to_string(parameters_.size()) +
          " were given; give one for each extent of each array and for each lp::Integer");
    std::string sizes;
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      sizes += (p > 0 ? ", " : "") + forms_->parameters[p] + " = " + std::to_string(parameters_[p]);
      if (parameters_[p] < 0 || parameters_[p] > form::max_size)
        throw input_error("lambdapack: the size " + forms_->parameters[p] + " of " +
                          forms_->program + " is " + std::to_string(parameters_[p]) +
                          "; it must be from 0 to 2^40");
    }
    for (const form::Requirement& r : forms_->requirements)
      if (!ask().yes(r.holds))
        throw input_error("lambdapack: " + forms_->program + " cannot run at these sizes (" +
                              sizes + "): " +
                              (r.otherwise.empty() ? "an index would leave its array, or an output "
                                                     "would not be written in full"
                                                   : r.otherwise) +
                              "; check the shapes of its arrays",
                          codes::sizes_do_not_fit);
  }

  std::shared_ptr<const form::ClosedForms> forms_;
  std::vector<std::int64_t> parameters_;
};

}  // namespace lambdapack
