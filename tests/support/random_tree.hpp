// What random trees are made of: their shapes, levels, tiles and guards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/choices.hpp"
#include "support/program_builder.hpp"

namespace random_program {

namespace ir = lambdapack::ir;
using program_builder::Array;
using program_builder::Builder;
using program_builder::Call;
using program_builder::Expr;

/// A program that is being made, and the words to write trees into it. Now and then an index is off
/// by one.
class TreeWriter {
 protected:
  explicit TreeWriter(Choices choices) : choices_(std::move(choices)) {}

  // A tree over lo <= j < hi. Level e combines tiles that are base^e apart.
  struct Tree {
    int base;
    Expr lo, hi, depth;
    bool counts_down;            // level e is at index depth - e
    std::optional<Expr> step;    // index of the outer loop
    std::optional<Expr> column;  // index of a loop around the tree
  };
  // One node of a tree: place j at level e, and the stride there.
  struct Place {
    Expr j, e, stride;
  };

  int pick(int lo, int hi) { return choices_.pick(lo, hi); }
  bool chance(int percent) { return choices_.chance(percent); }
  Expr off(const Expr& e) { return chance(1) ? e + choices_.one_of<int>({1, -1}) : e; }
  std::string name(const char* what) {
    return what + std::to_string(p_.program().scopes.size() + p_.program().arrays.size());
  }
  static std::string kernel(const char* what, std::size_t reads) {
    return what + std::to_string(reads);
  }

  std::optional<ir::Unwritten> unwritten(int percent) {
    return chance(percent) ? std::optional(ir::Unwritten{}) : std::nullopt;
  }

  Tree shape() {
    Tree t;
    t.base = choices_.one_of<int>({2, 2, 2, 2, 2, 3, 4});
    t.lo = step_.terms.empty() ? Expr(choices_.one_of<int>({0, 0, 0, 1}))
                               : choices_.one_of<Expr>({step_, step_, step_ + 1, 0});
    t.hi = choices_.one_of<Expr>({n_, n_, n_, n_ - 1, n_ + 1});
    if (chance(8)) t.hi = p_.quotient(n_ + 1, 2);
    t.counts_down = chance(35);
    t.depth = depth(t, t.lo);
    return t;
  }
  Expr depth(const Tree& t, const Expr& lo) {
    if (chance(5)) return p_.log_floor(t.base, t.hi - lo) + pick(0, 1);
    if (chance(3)) return p_.log_ceil(t.base, t.hi) + pick(0, 1);
    return off(p_.log_ceil(t.base, t.hi - lo));
  }

  // for each level { for each place of the level body(place) }; `all` for every j of each level.
  template <class Body>
  void levels(const Tree& t, bool all, Body body) {
    const auto level = [&](const Expr& e) {
      const Expr step = all ? Expr(1) : p_.power(t.base, e + 1);
      p_.loop(name("j"), t.lo, t.hi, step, [&](Expr j) { body(Place{j, e, p_.power(t.base, e)}); });
    };
    if (chance(70))
      p_.loop(name("l"), 0, t.depth, level);
    else
      p_.loop(name("l"), 1, t.depth + 1, [&](Expr l) { level(l - 1); });
  }

  // A tile of a temp with an index for each loop around the tree.
  ir::Access at(Array a, const Tree& t, const Expr& j, std::optional<Expr> level = {}) const {
    std::vector<Expr> indices;
    if (t.step) indices.push_back(*t.step);
    if (t.column) indices.push_back(*t.column);
    indices.push_back(j);
    if (level) indices.push_back(t.counts_down ? t.depth - *level : *level);
    return a.at(indices);
  }
  Array temp(const Tree& t, bool levels, int percent) {
    const int rank = 1 + t.step.has_value() + t.column.has_value() + levels;
    return p_.array(name("T"), ir::ArrayRole::temp, rank, unwritten(percent));
  }

  Expr column_of(const Tree& t) {
    if (t.column) return *t.column;
    return t.step && chance(70) ? *t.step : Expr(0);
  }
  ir::Access source(const Tree& t, const Expr& j) {
    const Expr at = chance(5) ? p_.quotient(j, 2) : j;
    return chance(25) ? updated_(off(at), column_of(t)) : input_(at, column_of(t));
  }
  // What reads the result of a tree, or a tile of it.
  void use(const Tree& t, const ir::Access& tile, const Expr& row) {
    if (chance(70)) p_.call("copy", {output_(row, column_of(t))}, {tile});
  }

  template <class Body>
  void when(bool guarded, const Expr& left, ir::Relation relation, const Expr& right, Body body) {
    if (!guarded) return body();
    ir::Condition c{{{{left, relation, right}}}};
    if (chance(4)) c.any_of.push_back({{n_, ir::Relation::equal, Expr(pick(1, 4))}});
    p_.when(c, body);
  }
  template <class Body>
  void when_inside(const Tree& t, const Expr& j, Body body) {
    when(chance(96), off(j), ir::Relation::less, t.hi, body);
  }

  Choices choices_;
  Builder p_{"random_tree"};
  Expr n_, m_, step_;
  Array input_, updated_, output_;
};

}  // namespace random_program
