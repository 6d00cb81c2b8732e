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
// past the last term adds zeros. The terms are added in their order, only grouped in another way.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/detail/rewrite.hpp"
#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

/// What a tree adds with. The kernels are ids in the program, for tiles of the reduction's element:
/// `add(inout, in)` adds a tile to another, `sum(out, in_list)` adds up a run.
struct TreeShape {
  std::int64_t base = 2;  ///< tiles that one task adds up, at least 2
  int add = 0;
  int sum = 0;
};

namespace detail {

/// Rewrites one reduction.
class TreeReducer {
 public:
  TreeReducer(Program program, int line, const TreeShape& shape)
      : program_(std::move(program)), line_(static_cast<std::size_t>(line)), shape_(shape) {}

  Program reduce() {
    check_statement();
    find_loop();
    check_inside();
    check_arguments();
    check_size();
    rewrite();
    return std::move(program_);
  }

 private:
  const Statement& statement() const { return program_.statements[line_]; }
  const Access& target() const { return statement().writes.front(); }
  const Array& array() const { return program_.arrays[static_cast<std::size_t>(target().array)]; }
  const Scope& scope(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }
  const Loop& loop() const { return std::get<Loop>(scope(loop_).what); }
  const Loop* as_loop(int s) const { return std::get_if<Loop>(&scope(s).what); }

  [[noreturn]] void refuse(const std::string& why) const {
    throw program_error("lambdapack: " + to_string(program_, statement()) + " at " +
                        where(statement().location) + " cannot be reduced by a tree: " + why);
  }
  std::string name(int loop) const { return to_string(program_, Symbol{Symbol::Kind::loop, loop}); }

  void check_statement() const {
    if (line_ >= program_.statements.size())
      throw program_error("lambdapack: " + program_.name + " has no statement " +
                          std::to_string(line_) + " to reduce by a tree; statements count from 0");
    if (!statement().reduction) refuse("it is no reduction; write it as tile += kernel(...)");
    if (shape_.base < 2)
      refuse("its base is " + std::to_string(shape_.base) + "; a task adds up at least 2 tiles");
    check_kernel(shape_.add, {ParameterRole::inout, ParameterRole::in});
    check_kernel(shape_.sum, {ParameterRole::out, ParameterRole::in_list});
  }

  void check_kernel(int id, const std::vector<ParameterRole>& roles) const {
    std::vector<KernelParameter> expected;
    for (const ParameterRole role : roles) expected.push_back({role, array().element});
    if (id < 0 || static_cast<std::size_t>(id) >= program_.kernels.size() ||
        program_.kernels[static_cast<std::size_t>(id)].parameters != expected)
      refuse("kernel " + std::to_string(id) + " does not add tiles of " + array().element +
             "; give it one with the parameters (" + to_string(roles[0]) + ", " +
             to_string(roles[1]) + ")");
  }

  // The innermost loop around the statement that adds to the same tile each time.
  void find_loop() {
    const std::vector<int> loops = loops_around(program_, statement().scope);
    const auto found = std::find_if(loops.rbegin(), loops.rend(),
                                    [&](int loop) { return !mentions(program_, target(), loop); });
    if (found == loops.rend())
      refuse("each of the loops around it names another tile; there is nothing to add up");
    loop_ = *found;
    for (int s = statement().scope; s != loop_; s = scope(s).parent)
      inside_.insert(inside_.begin(), s);
    if (loop().step != Expr{1, {}})
      refuse("the step of loop " + name(loop_) +
             " is not 1; count its terms from 0 with a step of "
             "1 and use a multiple of the index");
  }

  bool is_inside_loop(int s) const {
    while (s > loop_) s = scope(s).parent;
    return s == loop_;
  }

  void check_inside() const {
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      if (l != line_ && is_inside_loop(program_.statements[l].scope))
        refuse("loop " + name(loop_) + " has another statement, at " +
               where(program_.statements[l].location) + "; give each a loop of its own");
    for (const int s : inside_)
      if (const Loop* inner = as_loop(s))
        if (mentions(program_, inner->lower, loop_) || mentions(program_, inner->upper, loop_) ||
            mentions(program_, inner->step, loop_))
          refuse("the bounds of loop " + name(s) + " depend on " + name(loop_) + "; put loop " +
                 name(loop_) + " innermost");
  }

  // The kernel's own reads but the first, and the control tile.
  void check_arguments() const {
    std::size_t own = statement().reads.size();
    if (statement().stoppable) {
      own -= 1 + statement().writes.size();
      if (mentions(program_, statement().reads[own], loop_))
        refuse("loop " + name(loop_) +
               " itself may be stopped, so its terms are not all there; add them up one by one");
    }
    for (std::size_t r = 1; r < own; ++r)
      if (statement().reads[r].array == target().array && !is_apart(statement().reads[r]))
        refuse("its argument " + to_string(program_, statement().reads[r]) +
               " may be a tile that loop " + name(loop_) +
               " adds to; read it from another array, or add the terms up one by one");
  }

  // Whether an access to the target's array never names the target, which one comparison of bounds
  // in some dimension shows.
  bool is_apart(const Access& access) const {
    const bool more_tiles =
        std::any_of(inside_.begin(), inside_.end(), [&](int s) { return as_loop(s) != nullptr; });
    if (more_tiles) return false;
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const Subscript& s = access.subscripts[d];
      Expr first = s.at, last = s.at;
      if (s.run) {
        const bool down = goes_down(s.run->step);
        (down ? first : last) = sum(s.run->end, {down ? 1 : -1, {}});
      }
      const Expr& own = target().subscripts[d].at;
      const auto lowest = bound(sum(first, own, -1), false),
                 highest = bound(sum(last, own, -1), true);
      if ((lowest && *lowest > 0) || (highest && *highest < 0)) return true;
    }
    return false;
  }

  // The extreme value of an expression in the loop, if it is the same constant everywhere.
  std::optional<std::int64_t> bound(Expr e, bool highest) const {
    const Symbol index{Symbol::Kind::loop, loop_};
    for (const Term& t : e.terms) {
      if (t.symbol != index) continue;
      const std::int64_t coefficient = t.coefficient;
      const Expr end = (coefficient > 0) == highest ? sum(loop().upper, {-1, {}}) : loop().lower;
      e = sum(sum(std::move(e), expr_of(index), -coefficient), end, coefficient);
      break;
    }
    return constant_of(e);
  }

  void check_size() const {
    const std::size_t depth = loops_around(program_, statement().scope).size();
    if (depth + 1 > static_cast<std::size_t>(std::min(max_depth, max_rank)))
      refuse("the tree takes one more loop than the " + std::to_string(depth) +
             " around it, and no more than " + std::to_string(max_depth) +
             " are possible; leave out a loop");
  }

  void rewrite() {
    const int copies = static_cast<int>(inside_.size());
    int end = loop_ + 1;
    while (end < static_cast<int>(program_.scopes.size()) && is_inside_loop(end)) ++end;
    make_room(program_, end, 2 * copies + 3);

    const Statement original = statement();
    const Expr count = sum(loop().upper, loop().lower, -1);
    const Expr depth = function(Function::Kind::log_ceil, count);
    const int around = scope(loop_).parent, level = end, first = end + 1;
    const int guard = first + copies + 1;
    declare_temp();

    const auto place = [&](int id, int parent, auto what) {
      program_.scopes[static_cast<std::size_t>(id)] = {parent, std::move(what),
                                                       scope(loop_).location};
    };
    const Expr l = index(level), q = index(first), next = sum(l, {1, {}});
    place(level, around, Loop{"level", {}, depth});
    place(first, level, Loop{"q", {}, count, function(Function::Kind::power, next)});
    const Renaming in_levels = copy_inside(first);
    place(guard, around, Condition{{{{loop().upper, Relation::greater, loop().lower}}}});
    const Renaming in_guard = copy_inside(guard);

    const Access leaf = tile({}, sum(index(loop_), loop().lower, -1), {});
    Statement& term = program_.statements[line_];
    term.writes.front() = term.reads.front() = leaf;
    if (term.stoppable) term.reads.back() = leaf;
    term.reduction = false;

    Access run = tile(in_levels, q, l);
    run.subscripts[run.subscripts.size() - 2].run =
        Run{sum(q, function(Function::Kind::power, next)), function(Function::Kind::power, l)};
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
