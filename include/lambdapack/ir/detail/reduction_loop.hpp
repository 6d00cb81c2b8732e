// The loop whose terms a reduction adds up, and whether a tree may do it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
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

/// Where the terms of one reduction are.
struct ReductionLoop {
  int loop = -1;
  std::vector<int> inside = {};  ///< scopes between the loop and the statement, outermost first
};

/// Whether a scope is `outer` or inside of it.
inline bool is_inside(const Program& program, int scope, int outer) {
  while (scope > outer) scope = program.scopes[static_cast<std::size_t>(scope)].parent;
  return scope == outer;
}

/// Finds the loop of a reduction. Throws program_error where a tree would not compute the same.
class ReductionLoopFinder {
 public:
  ReductionLoopFinder(const Program& program, int line, const TreeShape& shape)
      : program_(program), line_(static_cast<std::size_t>(line)), shape_(shape) {}

  ReductionLoop find() {
    check_statement();
    find_loop();
    check_inside();
    check_arguments();
    check_size();
    return {loop_, inside_};
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
    if (constant_of(loop().step).value_or(0) < 1)
      refuse("the step of loop " + name(loop_) +
             " is no positive constant; count its terms from 0 with a step of 1");
  }

  void check_inside() const {
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      if (l != line_ && is_inside(program_, program_.statements[l].scope, loop_))
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

  const Program& program_;
  const std::size_t line_;
  const TreeShape shape_;
  int loop_ = -1;
  std::vector<int> inside_;
};

}  // namespace detail

}  // namespace lambdapack::ir
