// The oracle: runs a program's loops one iteration after the other and writes down what happens.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lambdapack/graph/node.hpp"
#include "lambdapack/ir/program.hpp"

namespace brute_force {

using lambdapack::Indices;
using lambdapack::Node;
using lambdapack::TileName;
using lambdapack::Value;
namespace ir = lambdapack::ir;

/// The program does something that it may not do at these sizes.
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One tile that an input names, with the value that it sees.
struct Seen {
  TileName tile;
  Value value;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// Everything that there is to know about a graph, unrolled.
struct Graph {
  std::vector<Node> order;  // nodes in program order
  std::map<Node, std::set<Node>> successors;
  std::map<Node, std::set<Node>> predecessors;
  std::map<Value, std::set<Node>> readers;
  std::map<TileName, std::set<Node>> tile_readers;
  std::map<TileName, std::set<Value>> tile_writers;
  std::map<TileName, Value> final_writer;  // of tiles of bound arrays that are written
  std::map<std::pair<Node, int>, std::vector<Seen>> inputs;
  std::map<std::pair<Node, int>, TileName> outputs;

  bool is_root(const Node& n) const { return !predecessors.contains(n); }
};

class Interpreter {
 public:
  /// Runs `program` at these parameters. Throws Violation on an index outside of a bound array, on
  /// a read of a tile that has no contents, and if a tile of an out array is left out.
  static Graph run(const ir::Program& program, const std::vector<std::int64_t>& parameters) {
    Interpreter i(program, parameters);
    std::size_t line = 0;
    i.scope(-1, line);
    i.check_all_written();
    return std::move(i.graph_);
  }

  /// The number of nodes of each statement; looks at no tile.
  static std::vector<std::int64_t> count(const ir::Program& program,
                                         const std::vector<std::int64_t>& parameters) {
    Interpreter i(program, parameters);
    i.counts_.emplace(program.statements.size());
    std::size_t line = 0;
    i.scope(-1, line);
    return std::move(*i.counts_);
  }

 private:
  Interpreter(const ir::Program& program, const std::vector<std::int64_t>& parameters)
      : program_(program), parameters_(parameters), loops_(program.scopes.size()) {}

  const ir::Scope& at(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }

  std::int64_t value(const ir::Expr& e) const {
    std::int64_t v = e.constant;
    for (const ir::Term& t : e.terms) {
      const auto id = static_cast<std::size_t>(t.symbol.id);
      v += t.coefficient * (t.symbol.kind == ir::Symbol::Kind::parameter ? parameters_[id]
                            : t.symbol.kind == ir::Symbol::Kind::loop
                                ? loops_[id]
                                : value(program_.functions[id]));
    }
    return v;
  }

  // By counting, so that nothing is shared with what is tested.
  std::int64_t value(const ir::Function& f) const {
    const std::int64_t x = value(f.argument);
    std::int64_t e = 0, power = 1;
    switch (f.kind) {
      case ir::Function::Kind::quotient:
      case ir::Function::Kind::remainder: {
        std::int64_t q = x / f.base;
        while (q * f.base > x) --q;
        return f.kind == ir::Function::Kind::quotient ? q : x - q * f.base;
      }
      case ir::Function::Kind::power:
        if (x < 0) return 0;
        while (e < x && power < (std::int64_t{1} << 42)) ++e, power *= f.base;
        return power;
      case ir::Function::Kind::log_floor:
        while (power * f.base <= x) ++e, power *= f.base;
        return e;
      case ir::Function::Kind::log_ceil:
        while (power < x) ++e, power *= f.base;
        return e;
    }
    return 0;
  }

  bool holds(const ir::Comparison& c) const {
    const std::int64_t a = value(c.left), b = value(c.right);
    switch (c.relation) {
      case ir::Relation::less:
        return a < b;
      case ir::Relation::less_equal:
        return a <= b;
      case ir::Relation::equal:
        return a == b;
      case ir::Relation::not_equal:
        return a != b;
      case ir::Relation::greater_equal:
        return a >= b;
      case ir::Relation::greater:
        return a > b;
    }
    return false;
  }

  bool holds(const ir::Condition& c) const {
    for (const auto& all_of : c.any_of) {
      bool all = true;
      for (const ir::Comparison& x : all_of) all = all && holds(x);
      if (all) return true;
    }
    return false;
  }

  // The scope directly inside `s` that leads to the statement, -1 if it is directly in `s`, or -2.
  int child_of(int s, std::size_t line) const {
    int child = -1;
    for (int up = program_.statements[line].scope;; up = at(up).parent) {
      if (up == s) return child;
      if (up < 0) return -2;
      child = up;
    }
  }

  std::size_t end_of(int s, std::size_t line) const {
    while (line < program_.statements.size() && child_of(s, line) != -2) ++line;
    return line;
  }

  // Runs the statements of scope `s` from `line` on once.
  void scope(int s, std::size_t& line) {
    while (line < program_.statements.size()) {
      const int child = child_of(s, line);
      if (child == -2) return;
      if (child == -1) {
        statement(line++);
        continue;
      }
      const std::size_t begin = line;
      const auto body = [&] {
        line = begin;
        scope(child, line);
      };
      if (const auto* loop = std::get_if<ir::Loop>(&at(child).what)) {
        const std::int64_t lower = value(loop->lower), upper = value(loop->upper);
        const std::int64_t step = value(loop->step);
        for (std::int64_t i = lower; step > 0 ? i < upper : step < 0 && i > upper; i += step) {
          loops_[static_cast<std::size_t>(child)] = i;
          body();
        }
      } else if (holds(std::get<ir::Condition>(at(child).what))) {
        body();
      }
      line = end_of(child, begin);
    }
  }

  // A read may name a tile outside of an array that says what unwritten tiles hold.
  std::vector<TileName> tiles(const ir::Access& access, bool write) const {
    std::vector<TileName> tiles{{access.array, {}}};
    for (const ir::Subscript& s : access.subscripts) {
      std::vector<TileName> longer;
      for (const TileName& t : tiles) {
        const auto add = [&](std::int64_t x) {
          std::vector<std::int64_t> index(t.indices.begin(), t.indices.end());
          index.push_back(x);
          longer.push_back({t.array, Indices(index)});
        };
        const std::int64_t from = value(s.at);
        if (!s.run) add(from);
        if (!s.run) continue;
        const std::int64_t end = value(s.run->end), step = value(s.run->step);
        for (std::int64_t x = from; step > 0 ? x < end : step < 0 && x > end; x += step) add(x);
      }
      tiles = std::move(longer);
    }
    for (const TileName& t : tiles)
      if (write || !array(t).unwritten) check(t);
    return tiles;
  }

  const ir::Array& array(const TileName& t) const {
    return program_.arrays[static_cast<std::size_t>(t.array)];
  }

  void check(const TileName& t) const {
    for (std::size_t d = 0; d < array(t).extents.size(); ++d)
      if (t.indices[d] < 0 ||
          t.indices[d] >= parameters_[static_cast<std::size_t>(array(t).extents[d])])
        throw Violation("index out of extent");
  }

  // Unless the array says what unwritten tiles hold.
  void check_all_written() const {
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) {
      const ir::Array& array = program_.arrays[a];
      if (array.role != ir::ArrayRole::out || array.unwritten) continue;
      std::int64_t tiles = 1, written = 0;
      for (const int p : array.extents) tiles *= parameters_[static_cast<std::size_t>(p)];
      for (const auto& [tile, value] : graph_.final_writer)
        written += tile.array == static_cast<int>(a) ? 1 : 0;
      if (written != tiles) throw Violation("output not fully written");
    }
  }

  Value seen(const TileName& t) const {
    if (const auto last = last_.find(t); last != last_.end()) return last->second;
    if (array(t).role == ir::ArrayRole::in || array(t).role == ir::ArrayRole::inout ||
        array(t).unwritten)
      return Value::initial(t);
    throw Violation("read before written");
  }

  void statement(std::size_t line) {
    if (counts_) {
      ++(*counts_)[line];
      return;
    }
    const ir::Statement& s = program_.statements[line];
    std::vector<std::int64_t> indices;
    for (int loop : ir::loops_around(program_, s.scope))
      indices.push_back(loops_[static_cast<std::size_t>(loop)]);
    const Node node{static_cast<int>(line), Indices(indices)};
    graph_.order.push_back(node);
    for (std::size_t k = 0; k < s.reads.size(); ++k) {
      auto& inputs = graph_.inputs[{node, static_cast<int>(k)}];
      for (const TileName& t : tiles(s.reads[k], false)) {
        const Value v = seen(t);
        inputs.push_back({t, v});
        graph_.readers[v].insert(node);
        graph_.tile_readers[t].insert(node);
        if (v.is_initial()) continue;
        graph_.successors[v.node()].insert(node);
        graph_.predecessors[node].insert(v.node());
      }
    }
    std::set<TileName> written;
    for (std::size_t k = 0; k < s.writes.size(); ++k) {
      const TileName t = tiles(s.writes[k], true).front();
      if (!written.insert(t).second) throw Violation("two outputs write one tile");
      const Value v = Value::of(node, static_cast<int>(k));
      graph_.outputs[{node, static_cast<int>(k)}] = t;
      graph_.tile_writers[t].insert(v);
      last_[t] = v;
      if (array(t).role != ir::ArrayRole::temp) graph_.final_writer[t] = v;
    }
  }

  const ir::Program& program_;
  const std::vector<std::int64_t>& parameters_;
  std::vector<std::int64_t> loops_;
  std::map<TileName, Value> last_;
  std::optional<std::vector<std::int64_t>> counts_;
  Graph graph_;
};

}  // namespace brute_force
