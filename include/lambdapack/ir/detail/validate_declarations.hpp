// Checks of what a program declares: parameters, arrays, kernels, loops and guards.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/ir/detail/validate_expr.hpp"
#include "lambdapack/ir/names.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir::detail {

/// Checks the parts that say what there is: parameters, arrays, kernels.
class DeclarationValidator {
 public:
  explicit DeclarationValidator(const Program& program) : program_(program) {}

  void check() const {
    check_name(program_.name, at("name"));
    for (std::size_t p = 0; p < program_.parameters.size(); ++p)
      check_name(program_.parameters[p].name, at("parameters", p) / "name");
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      check_array(program_.arrays[a], at("arrays", a));
    for (std::size_t k = 0; k < program_.kernels.size(); ++k)
      check_kernel(program_.kernels[k], at("kernels", k));
    for (std::size_t f = 0; f < program_.functions.size(); ++f) check_function(f);
  }

 private:
  Place at(const char* member) const { return Place(program_, member); }
  Place at(const char* member, std::size_t i) const { return at(member)[i]; }

  void check_array(const Array& array, const Place& place) const {
    check_name(array.name, place / "name");
    check_name(array.element, place / "element");
    if (array.rank < 0 || array.rank > max_rank)
      refuse(place / "rank", array.rank, "a rank from 0 to " + std::to_string(max_rank));
    check_extents(array, place / "extents");
    if (array.unwritten) check_unwritten(array, place / "unwritten");
  }

  void check_unwritten(const Array& array, const Place& place) const {
    if (array.role != ArrayRole::out && array.role != ArrayRole::temp)
      refuse(place,
             std::string("a rule for unwritten tiles of an ") + to_string(array.role) + " array",
             "none: such an array has initial contents");
    const int k = array.unwritten->kernel;
    if (k == -1) return;
    check_id(k, program_.kernels.size(), "-1 for zero, or a kernel", place / "kernel");
    const Kernel& kernel = program_.kernels[static_cast<std::size_t>(k)];
    if (kernel.parameters != std::vector<KernelParameter>{{ParameterRole::out, array.element}})
      refuse(place / "kernel", kernel.name,
             "a kernel whose only parameter is an out tile of " + array.element);
  }

  // Only loops that exist and functions that come before; where a function is used tells whether
  // its loops are around.
  void check_function(std::size_t f) const {
    const Function& function = program_.functions[f];
    const Place place = at("functions", f);
    const bool division =
        function.kind == Function::Kind::quotient || function.kind == Function::Kind::remainder;
    check_magnitude(function.base, place / "base");
    if (function.base < (division ? 1 : 2))
      refuse(place / "base", function.base,
             division ? "a divisor of at least 1" : "a base of at least 2");
    std::vector<int> loops;
    for (std::size_t s = 0; s < program_.scopes.size(); ++s)
      if (std::holds_alternative<Loop>(program_.scopes[s].what))
        loops.push_back(static_cast<int>(s));
    for (const Term& term : function.argument.terms)
      if (term.symbol.kind == Symbol::Kind::function &&
          (term.symbol.id < 0 || static_cast<std::size_t>(term.symbol.id) >= f))
        refuse(place / "argument", "function " + std::to_string(term.symbol.id),
               "functions that come before this one");
    check_expr(program_, function.argument, loops, place / "argument");
  }

  void check_extents(const Array& array, const Place& place) const {
    if (array.role == ArrayRole::temp && !array.extents.empty())
      refuse(place, count(array.extents.size(), "extent"),
             "none: the tiles of a temp are unbounded");
    if (array.role != ArrayRole::temp &&
        array.extents.size() != static_cast<std::size_t>(array.rank))
      refuse(place, count(array.extents.size(), "extent"),
             "one for each dimension: " + std::to_string(array.rank));
    for (std::size_t d = 0; d < array.extents.size(); ++d)
      check_id(array.extents[d], program_.parameters.size(), "a parameter", place[d]);
  }

  static void check_kernel(const Kernel& kernel, const Place& place) {
    check_name(kernel.name, place / "name");
    for (std::size_t p = 0; p < kernel.parameters.size(); ++p)
      check_name(kernel.parameters[p].element, (place / "parameters")[p] / "element");
    check_shapes(kernel, place / "shapes");
  }

  // Two characters for each tile, and commas between them.
  static void check_shapes(const Kernel& kernel, const Place& place) {
    if (kernel.shapes.empty()) return;
    const auto tiles = static_cast<std::size_t>(
        std::count_if(kernel.parameters.begin(), kernel.parameters.end(),
                      [](const KernelParameter& p) { return p.role != ParameterRole::scalar; }));
    bool fits = kernel.shapes.size() + 1 == 3 * tiles;
    for (std::size_t at = 0; fits && at < kernel.shapes.size(); ++at) {
      const char c = kernel.shapes[at];
      fits = at % 3 == 2 ? c == ',' : (c >= 'a' && c <= 'z') || c == '-';
    }
    if (!fits)
      refuse(place, kernel.shapes,
             "two letters (or -) for each of " + count(tiles, "tile") +
                 " and commas between them, as in mn,mk,kn");
  }

  const Program& program_;
};

/// Checks the loops and guards.
class ScopeValidator {
 public:
  explicit ScopeValidator(const Program& program) : program_(program) {}

  /// Returns the loops around what sits in each scope: the scope itself, if it is one, and those
  /// around it, as scope ids from the outermost in.
  std::vector<std::vector<int>> check() {
    for (std::size_t s = 0; s < program_.scopes.size(); ++s) {
      const Scope& scope = program_.scopes[s];
      const Place place = Place(program_, "scopes")[s].from(scope.location);
      check_location(scope.location, place / "location");
      check_parent(s, place / "parent");
      const std::vector<int> around =
          scope.parent < 0 ? std::vector<int>{} : loops_[static_cast<std::size_t>(scope.parent)];
      loops_.push_back(around);
      if (const Loop* loop = std::get_if<Loop>(&scope.what)) {
        check_loop(*loop, around, place / "what");
        loops_.back().push_back(static_cast<int>(s));
        check_depth(place);
      } else {
        check_condition(program_, std::get<Condition>(scope.what), around, place / "what");
      }
    }
    return loops_;
  }

 private:
  void check_parent(std::size_t s, const Place& place) {
    const int id = static_cast<int>(s);
    const int parent = program_.scopes[s].parent;
    if (parent < -1 || parent >= id)
      refuse(place, parent, "-1 for the root, or an earlier scope than " + std::to_string(id));
    while (!open_.empty() && open_.back() > parent) open_.pop_back();
    if (parent >= 0 && (open_.empty() || open_.back() != parent))
      refuse(place, std::to_string(parent) + ", which is closed",
             "scope " + std::to_string(id - 1) +
                 " or one around it: scopes are listed in the order in which they open");
    open_.push_back(id);
  }

  void check_loop(const Loop& loop, const std::vector<int>& around, const Place& place) const {
    check_name(loop.index, place / "index");
    check_expr(program_, loop.lower, around, place / "lower");
    check_expr(program_, loop.upper, around, place / "upper");
    check_step(program_, loop.step, around, place / "step");
  }

  void check_depth(const Place& place) const {
    if (loops_.back().size() > static_cast<std::size_t>(max_depth))
      refuse(place, count(loops_.back().size(), "nested loop"),
             "at most " + std::to_string(max_depth));
  }

  const Program& program_;
  std::vector<std::vector<int>> loops_;
  std::vector<int> open_;
};

}  // namespace lambdapack::ir::detail
