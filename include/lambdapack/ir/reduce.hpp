// Reductions by trees: `C += kernel(...)` in a loop, from a chain of additions to a tree of them.
//
//   for k in range(lower, upper)
//     C(i) += gemm(A(i, k), B(k))
//
// becomes, with n = upper - lower, D = log_ceil(base, n) and pow(e) = base^e,
//
//   for k in range(lower, upper)
//     T(i, k - lower, 0) = gemm(T(i, k - lower, 0), A(i, k), B(k))
//   for level in range(0, D)
//     for q in range(0, n, pow(level + 1))
//       T(i, q, level + 1) = sum(T(i, range(q, q + pow(level + 1), pow(level)), level))
//   when upper > lower
//     C(i) = add(C(i), T(i, 0, D))
//
// T reads as zero where nothing has written it: each term begins with zero, and a run that reaches
// past the last term adds zeros. A loop with a step s leaves the positions k - lower as they are,
// with s pow(e) in place of pow(e), and D = log_ceil(base, ceil(n / s)). The terms are added in
// their order, only grouped in another way. Loops and guards between the loop and the statement are
// repeated around what is added; guards without what they say about k, so that zero is added where
// they rule out all terms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/ir/detail/reduction_loop.hpp"
#include "lambdapack/ir/detail/rewrite.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

namespace detail {

/// Rewrites one reduction.
class TreeReducer {
 public:
  TreeReducer(Program program, int line, const TreeShape& shape)
      : program_(std::move(program)), line_(static_cast<std::size_t>(line)), shape_(shape) {}

  Program reduce() {
    const ReductionLoop found =
        ReductionLoopFinder(program_, static_cast<int>(line_), shape_).find();
    loop_ = found.loop;
    inside_ = found.inside;
    rewrite();
    return std::move(program_);
  }

 private:
  const Statement& statement() const { return program_.statements[line_]; }
  const Access& target() const { return statement().writes.front(); }
  const Array& array() const { return program_.arrays[static_cast<std::size_t>(target().array)]; }
  const Scope& scope(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }
  const Loop& loop() const { return std::get<Loop>(scope(loop_).what); }

  void rewrite() {
    const int copies = static_cast<int>(inside_.size());
    int end = loop_ + 1;
    while (end < static_cast<int>(program_.scopes.size()) && is_inside(program_, end, loop_)) ++end;
    make_room(program_, end, 2 * copies + 3);

    const Statement original = statement();
    const std::int64_t stride = loop().step.constant;
    const Expr length = sum(loop().upper, loop().lower, -1);
    const Expr depth = function(Function::Kind::log_ceil, divided(length, stride));
    const int around = scope(loop_).parent, level = end, first = end + 1;
    const int guard = first + copies + 1;
    declare_temp();

    const auto place = [&](int id, int parent, auto what) {
      Scope& made = program_.scopes[static_cast<std::size_t>(id)];
      made.parent = parent;
      made.what = std::move(what);
      made.location = scope(loop_).location;
    };
    const Expr l = index(level), q = index(first), next = sum(l, {1, {}});
    place(level, around, Loop{"level", {}, depth});
    const auto reach = [&](const Expr& exponent) {
      return sum({}, function(Function::Kind::power, exponent), stride);
    };
    place(first, level, Loop{"q", {}, length, reach(next)});
    const Renaming in_levels = copy_inside(first);
    place(guard, around, Condition{{{{loop().upper, Relation::greater, loop().lower}}}});
    const Renaming in_guard = copy_inside(guard);

    const Access leaf = tile({}, sum(index(loop_), loop().lower, -1), {});
    Statement& term = program_.statements[line_];
    term.writes.front() = term.reads.front() = leaf;
    if (term.stoppable) term.reads.back() = leaf;
    term.reduction = false;

    Access run = tile(in_levels, q, l);
    run.subscripts[run.subscripts.size() - 2].run = Run{sum(q, reach(next)), reach(l)};
    const Access written = renamed(program_, original.writes.front(), in_guard);
    const std::vector<Statement> added{made(original, first + copies, shape_.sum,
                                            tile(in_levels, q, next), {std::move(run)}, in_levels),
                                       made(original, guard + copies, shape_.add, written,
                                            {written, tile(in_guard, {}, depth)}, in_guard)};
    program_.statements.insert(program_.statements.begin() + static_cast<std::ptrdiff_t>(line_) + 1,
                               added.begin(), added.end());
  }

  static Expr index(int loop) { return expr_of({Symbol::Kind::loop, loop}); }
  Expr function(Function::Kind kind, const Expr& argument) {
    return expr_of(symbol_of(program_, {kind, shape_.base, argument}));
  }

  /// ceil(e / by).
  Expr divided(const Expr& e, std::int64_t by) {
    if (by == 1) return e;
    return expr_of(symbol_of(program_, {Function::Kind::quotient, by, sum(e, {by - 1, {}})}));
  }

  void declare_temp() {
    const std::vector<int> loops = loops_around(program_, statement().scope);
    for (const int l : loops)
      if (l != loop_) others_.push_back(l);
    temp_ = static_cast<int>(program_.arrays.size());
    program_.arrays.push_back({array().name + "_tree",
                               array().element,
                               static_cast<int>(others_.size()) + 2,
                               ArrayRole::temp,
                               {},
                               Unwritten{}});
  }

  // Puts copies of what is between the loop and the statement behind scope `parent`. What depends
  // on the loop's index is left out of conditions: terms that they rule out are zero.
  Renaming copy_inside(int parent) {
    Renaming renaming;
    for (const int s : inside_) {
      const int copy = parent + 1;
      Scope copied = scope(s);
      copied.parent = parent;
      if (Loop* inner = std::get_if<Loop>(&copied.what)) {
        inner->lower = renamed(program_, inner->lower, renaming);
        inner->upper = renamed(program_, inner->upper, renaming);
        inner->step = renamed(program_, inner->step, renaming);
        renaming[s] = copy;
      } else {
        for (auto& all_of : std::get<Condition>(copied.what).any_of) {
          std::erase_if(all_of, [&](const Comparison& c) {
            return mentions(program_, c.left, loop_) || mentions(program_, c.right, loop_);
          });
          for (Comparison& c : all_of)
            c = {renamed(program_, c.left, renaming), c.relation,
                 renamed(program_, c.right, renaming)};
        }
      }
      program_.scopes[static_cast<std::size_t>(copy)] = std::move(copied);
      parent = copy;
    }
    return renaming;
  }

  // A tile of the temporary: one index for each other loop, a position, and a level.
  Access tile(const Renaming& renaming, const Expr& position, const Expr& level) {
    Access access{temp_, {}, target().location};
    for (const int l : others_)
      access.subscripts.push_back({renamed(program_, index(l), renaming), {}});
    access.subscripts.push_back({position, {}});
    access.subscripts.push_back({level, {}});
    return access;
  }

  Statement made(const Statement& original, int scope, int kernel, const Access& write,
                 std::vector<Access> reads, const Renaming& renaming) {
    if (original.stoppable) {
      const Access& control = original.reads[original.reads.size() - 2];
      reads.push_back(renamed(program_, control, renaming));
      reads.push_back(write);
    }
    return {
        scope, kernel, {write}, std::move(reads), {}, original.location, false, original.stoppable};
  }

  Program program_;
  const std::size_t line_;
  const TreeShape shape_;
  int loop_ = -1;
  std::vector<int> inside_;  // scopes between the loop and the statement, outermost first
  std::vector<int> others_;  // the loops around the statement but the reduction's
  int temp_ = -1;
};

}  // namespace detail

/// The program, which must be valid, with the reduction that is statement `line` as a tree over the
/// innermost loop that adds to one tile. Two statements are added behind it. Throws program_error
/// where the tree would not compute the same.
inline Program reduce_by_tree(Program program, int line, const TreeShape& shape) {
  return detail::TreeReducer(std::move(program), line, shape).reduce();
}

}  // namespace lambdapack::ir
