// Random programs with trees: levels up to a logarithm, strides that are powers.
#pragma once

#include <cstddef>
#include <utility>

#include "support/random_tree.hpp"

namespace random_program {

/// Makes one program of one or two trees: reductions of single assignment and in place, pairs that
/// are updated together, broadcasts, scans, butterflies; alone, for each column, or in each step of
/// an outer loop. Most are correct; now and then an index is off by one or a guard is missing.
///
/// Its first parameters are n and m, which bound the loops; the others are extents.
class TreeGenerator : TreeWriter {
 public:
  explicit TreeGenerator(Choices choices) : TreeWriter(std::move(choices)) {}

  ir::Program make() {
    n_ = p_.integer("n");
    m_ = p_.integer("m");
    input_ = p_.in("A", 2);
    updated_ = p_.inout("X", 2);
    output_ = p_.array("O", ir::ArrayRole::out, 2, unwritten(94));
    if (chance(35))
      in_steps();
    else
      trees(false);
    return p_.done();
  }

 private:
  void in_steps() {
    const Expr first = pick(0, 1), end = choices_.one_of<Expr>({n_, n_, n_ - 1, m_});
    const auto body = [&](Expr i) {
      step_ = i;
      trees(true);
    };
    if (chance(15))
      p_.loop("i", end - 1, first - 1, -1, body);
    else
      p_.loop("i", first, end, chance(85) ? 1 : 2, body);
  }

  void trees(bool in_step) {
    for (int k = chance(8) ? 2 : 1; k > 0; --k) {
      Tree t = shape();
      if (in_step) t.step = step_;
      if (chance(in_step ? 10 : 25))
        p_.loop(name("k"), in_step && chance(50) ? step_ + 1 : Expr(0), in_step ? n_ : m_,
                [&](Expr column) {
                  t.column = column;
                  tree(t);
                });
      else
        tree(t);
    }
  }

  void tree(const Tree& t) {
    switch (choices_.one_of<int>({0, 0, 0, 1, 1, 2, 3, 4})) {
      case 0:
        return single_assignment(t);
      case 1:
        return in_place(t);
      case 2:
        return broadcast(t);
      case 3:
        return scan(t);
      default:
        return butterfly(t);
    }
  }

  // T(j, e + 1) = f(T(j, e), T(j + base^e, e), ...).
  void single_assignment(const Tree& t) {
    const bool guarded = chance(40);
    const Array T = temp(t, true, guarded ? 40 : 95);
    p_.loop(name("j"), t.lo, t.hi, [&](Expr j) {
      const bool chained = t.step && !t.column && chance(35);
      p_.call("leaf", {at(T, t, j, 0)}, {chained ? before(T, t, j) : source(t, j)});
    });
    const Array M = temp(t, true, 95);
    const bool moves = chance(30), row = !t.column && chance(12), list = !guarded && chance(25);
    const Array S = row ? wider(t) : T;
    levels(t, false, [&](const Place& x) {
      Call call;
      if (list) {
        ir::Access run = at(T, t, x.j, x.e);
        const std::size_t d = run.subscripts.size() - 2;
        run.subscripts[d].run = ir::Run{x.j + p_.power(t.base, x.e + 1), x.stride};
        call.in_list(run);
      }
      const auto combine = [&](int operands) {
        for (int q = 0; q < operands && !list; ++q) call.in(at(T, t, x.j + q * x.stride, off(x.e)));
        call.out(at(T, t, x.j, x.e + 1));
        if (moves) call.out(at(M, t, x.j + x.stride, t.depth));
        p_.statement(kernel("combine", call.reads.size()), call);
        if (row) update_row(t, x, T, S);
      };
      const int last = guarded ? 2 : t.base;
      when(guarded, x.j + x.stride, ir::Relation::less, t.hi, [&] { combine(last); });
      if (guarded && chance(95))
        when(true, x.j + x.stride, ir::Relation::greater_equal, t.hi,
             [&] { p_.call("copy", {at(T, t, x.j, x.e + 1)}, {at(T, t, x.j, x.e)}); });
    });
    use(t, at(T, t, t.lo, t.depth), 0);
  }

  // The result of the step before at place j.
  ir::Access before(Array T, Tree t, const Expr& j) {
    const Expr previous = *t.step - 1;
    if (t.lo.terms == step_.terms) {
      t.lo = previous;
      t.depth = p_.log_ceil(t.base, t.hi - previous);
    }
    t.step = previous;
    return at(T, t, j, t.depth);
  }

  // A temp with an index for the column behind that for the step.
  Array wider(Tree t) {
    t.column = Expr(0);
    return temp(t, true, 95);
  }

  // The rest of the two rows that a node of the tree combines.
  void update_row(const Tree& t, const Place& x, Array T, Array S) {
    const Expr first = t.step ? *t.step + 1 : Expr(0);
    p_.loop(name("c"), first, t.step ? n_ : m_, [&](Expr c) {
      Tree u = t;
      u.column = c;
      const Expr other = x.j + x.stride;
      p_.call("apply", {at(S, u, x.j, x.e + 1), at(S, u, other, t.depth)},
              {at(T, t, x.j, x.e + 1), at(S, u, x.j, x.e), at(S, u, other, x.e)});
    });
  }

  // X(j) = f(X(j), X(j + q base^e)), or both are updated.
  void in_place(const Tree& t) {
    const Expr column = column_of(t);
    const bool pairs = chance(50), row = chance(15), reduction = chance(40);
    if (chance(40))
      p_.loop(name("j"), t.lo, t.hi,
              [&](Expr j) { p_.update("leaf", {input_(j, column)}, {updated_(j, column)}); });
    levels(t, false, [&](const Place& x) {
      for (int q = 1; q < (pairs ? 2 : t.base); ++q) {
        const Expr other = x.j + q * x.stride;
        when_inside(t, other, [&] {
          Call call;
          call.inout(updated_(x.j, column));
          if (pairs)
            call.inout(updated_(other, column));
          else
            call.in(updated_(off(other), column));
          call.reduction = !pairs && reduction;
          p_.statement(pairs ? "pair" : "add", call);
          if (row) in_place_row(t, x.j, other, column);
        });
      }
    });
    use(t, updated_(t.lo, column), 0);
  }
  void in_place_row(const Tree& t, const Expr& j, const Expr& other, const Expr& column) {
    p_.loop(name("c"), (t.step ? column : Expr(0)) + 1, t.step ? n_ : m_, [&](Expr c) {
      p_.update("apply", {updated_(other, column)}, {updated_(j, c), updated_(other, c)});
    });
  }

  // B(j + q base^e) = B(j), from the top level down.
  void broadcast(const Tree& t) {
    const Array B = temp(t, false, 80);
    p_.call("leaf", {at(B, t, t.lo)}, {source(t, t.lo)});
    p_.loop(name("l"), t.depth - 1, -1, -1, [&](Expr l) {
      p_.loop(name("j"), t.lo, t.hi, p_.power(t.base, l + 1), [&](Expr j) {
        for (int q = 1; q < t.base; ++q) {
          const Expr other = j + q * p_.power(t.base, l);
          when_inside(t, other, [&] { p_.call("send", {at(B, t, other)}, {at(B, t, j)}); });
        }
      });
    });
    p_.loop(name("j"), t.lo, t.hi, [&](Expr j) { use(t, at(B, t, j), j); });
  }

  // T(j, e + 1) = f(T(j, e), T(j - base^e, e)), where there is such a tile.
  void scan(const Tree& t) {
    const Array T = temp(t, true, 80);
    const bool two = chance(60);
    p_.loop(name("j"), t.lo, t.hi,
            [&](Expr j) { p_.call("leaf", {at(T, t, j, 0)}, {source(t, j)}); });
    levels(t, true, [&](const Place& x) {
      const Expr other = off(x.j - x.stride);
      if (two)
        when(true, other, ir::Relation::less, t.lo,
             [&] { p_.call("copy", {at(T, t, x.j, x.e + 1)}, {at(T, t, x.j, x.e)}); });
      when(two, other, ir::Relation::greater_equal, t.lo, [&] {
        p_.call("add", {at(T, t, x.j, x.e + 1)}, {at(T, t, x.j, x.e), at(T, t, other, x.e)});
      });
    });
    p_.loop(name("j"), t.lo, t.hi, [&](Expr j) { use(t, at(T, t, j, t.depth), j); });
  }

  // T(j, e + 1) = f(T(j, e), T(j + base^e, e), T(j - base^e, e)).
  void butterfly(const Tree& t) {
    const Array T = temp(t, true, 95);
    p_.loop(name("j"), t.lo, t.hi,
            [&](Expr j) { p_.call("leaf", {at(T, t, j, 0)}, {source(t, j)}); });
    const bool even = chance(25);
    levels(t, true, [&](const Place& x) {
      when(even, p_.remainder(even ? x.e : Expr(0), 2), ir::Relation::equal, 0, [&] {
        p_.call("fly", {at(T, t, x.j, x.e + 1)},
                {at(T, t, x.j, x.e), at(T, t, x.j + x.stride, x.e), at(T, t, x.j - x.stride, x.e)});
      });
    });
    use(t, at(T, t, t.lo, t.depth), 0);
  }
};

/// A program of trees.
inline ir::Program tree(Choices choices) { return TreeGenerator(std::move(choices)).make(); }

}  // namespace random_program
