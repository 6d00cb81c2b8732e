// What a program with powers and logarithms does, as cases over terms: where its statements run,
// which tiles they name, and which node comes before which. Made from the program alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <variant>
#include <vector>

#include "lambdapack/analysis/terms.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// The values of a tuple: a node's indices, or a tile's.
using LinearTuple = std::vector<Linear>;

/// Writes the parts of one program.
class StatementCases {
 public:
  /// `sizes` are the values of the program's parameters.
  StatementCases(const ir::Program& program, Terms& terms, LinearTuple sizes)
      : program_(program), terms_(terms), sizes_(std::move(sizes)) {}

  std::size_t depth(std::size_t line) const { return loops(line).size(); }

  /// Statement `line` has this node.
  Cases domain(std::size_t line, const LinearTuple& node) const {
    Cases all{{}};
    const Place at{loops(line), node};
    for (int s = program_.statements[line].scope; s >= 0; s = scope(s).parent) {
      if (const auto* loop = std::get_if<ir::Loop>(&scope(s).what))
        all = both(all, {progression(index(s, at), value(loop->lower, at), value(loop->upper, at),
                                     loop->step, at)});
      else
        all = both(all, condition(std::get<ir::Condition>(scope(s).what), at));
    }
    return all;
  }

  /// This node of statement `line`, which has it, names the tile by an access.
  Case names(std::size_t line, const ir::Access& access, const LinearTuple& node,
             const LinearTuple& tile) const {
    const Place at{loops(line), node};
    Case all;
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const ir::Subscript& s = access.subscripts[d];
      const Linear from = value(s.at, at);
      if (!s.run) {
        all.push_back(equal(tile[d], from));
        continue;
      }
      const Case run = progression(tile[d], from, value(s.run->end, at), s.run->step, at);
      all.insert(all.end(), run.begin(), run.end());
    }
    return all;
  }

  /// The first node comes before the second.
  Cases before(std::size_t first, const LinearTuple& a, std::size_t second,
               const LinearTuple& b) const {
    const std::vector<int> outer = loops(first), other = loops(second);
    Cases all;
    Case same;
    for (std::size_t d = 0; d < outer.size() && d < other.size() && outer[d] == other[d]; ++d) {
      const bool down = ir::goes_down(std::get<ir::Loop>(scope(outer[d]).what).step);
      all.push_back(same);
      all.back().push_back(down ? below(b[d], a[d]) : below(a[d], b[d]));
      same.push_back(equal(a[d], b[d]));
    }
    if (first < second) all.push_back(same);
    return all;
  }

  Linear value(std::size_t line, const ir::Expr& e, const LinearTuple& node) const {
    return value(e, {loops(line), node});
  }

  /// The tile is inside the extents of an array.
  Case inside(std::size_t array, const LinearTuple& tile) const {
    Case all;
    const std::vector<int>& extents = program_.arrays[array].extents;
    for (std::size_t d = 0; d < extents.size(); ++d) {
      all.push_back(at_least(tile[d], {}));
      all.push_back(below(tile[d], sizes_[static_cast<std::size_t>(extents[d])]));
    }
    return all;
  }

 private:
  // A node of a statement that has these loops around it.
  struct Place {
    std::vector<int> loops;
    const LinearTuple& node;
  };

  const ir::Scope& scope(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }
  std::vector<int> loops(std::size_t line) const {
    return ir::loops_around(program_, program_.statements[line].scope);
  }

  static const Linear& index(int loop, const Place& at) {
    std::size_t k = 0;
    while (at.loops[k] != loop) ++k;
    return at.node[k];
  }

  Linear value(const ir::Expr& e, const Place& at) const {
    Linear sum = Linear::of(e.constant);
    for (const ir::Term& t : e.terms) sum = sum.plus(value(t.symbol, at), t.coefficient);
    return sum;
  }

  Linear value(const ir::Symbol& s, const Place& at) const {
    if (s.kind == ir::Symbol::Kind::parameter) return sizes_[static_cast<std::size_t>(s.id)];
    if (s.kind == ir::Symbol::Kind::loop) return index(s.id, at);
    const ir::Function& f = program_.functions[static_cast<std::size_t>(s.id)];
    const Linear x = value(f.argument, at);
    switch (f.kind) {
      case ir::Function::Kind::quotient:
        return terms_.value({FunctionTerm::Kind::quotient, f.base, x});
      case ir::Function::Kind::remainder:
        return remainder(x, Linear::of(f.base));
      case ir::Function::Kind::power:
        return terms_.value({FunctionTerm::Kind::power, f.base, x});
      case ir::Function::Kind::log_floor:
        return terms_.value({FunctionTerm::Kind::log_floor, f.base, x});
      case ir::Function::Kind::log_ceil:
        break;
    }
    return terms_.value({FunctionTerm::Kind::log_ceil, f.base, x});
  }

  Linear remainder(const Linear& x, const Linear& divisor) const {
    return terms_.value({FunctionTerm::Kind::remainder, 0, x, divisor});
  }

  Case progression(const Linear& x, const Linear& lower, const Linear& upper, const ir::Expr& step,
                   const Place& at) const {
    const bool down = ir::goes_down(step);
    Case all =
        down ? Case{at_most(x, lower), below(upper, x)} : Case{at_least(x, lower), below(x, upper)};
    const Linear by = down ? Linear::of(-step.constant) : value(step, at);
    if (by == Linear::of(1)) return all;
    all.push_back(at_least(by, Linear::of(1)));
    all.push_back({remainder(x.minus(lower), by), true});
    return all;
  }

  Cases condition(const ir::Condition& c, const Place& at) const {
    Cases any;
    for (const auto& all_of : c.any_of) {
      Cases all{{}};
      for (const ir::Comparison& x : all_of) all = both(all, comparison(x, at));
      any.insert(any.end(), all.begin(), all.end());
    }
    return any;
  }

  Cases comparison(const ir::Comparison& c, const Place& at) const {
    const Linear x = value(c.left, at), y = value(c.right, at);
    switch (c.relation) {
      case ir::Relation::less:
        return {{below(x, y)}};
      case ir::Relation::less_equal:
        return {{at_most(x, y)}};
      case ir::Relation::equal:
        return {{equal(x, y)}};
      case ir::Relation::not_equal:
        return {{below(x, y)}, {below(y, x)}};
      case ir::Relation::greater_equal:
        return {{at_least(x, y)}};
      case ir::Relation::greater:
        break;
    }
    return {{below(y, x)}};
  }

  const ir::Program& program_;
  Terms& terms_;
  LinearTuple sizes_;
};

}  // namespace lambdapack::analysis
