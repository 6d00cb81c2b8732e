// Checks of a program's statements, given that what it declares is in order.
#pragma once

#include <complex>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/ir/detail/text_order.hpp"
#include "lambdapack/ir/detail/validate_expr.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir::detail {

/// Checks the statements; `loops` are the loops around what sits in each scope.
class StatementValidator {
 public:
  StatementValidator(const Program& program, const std::vector<std::vector<int>>& loops)
      : program_(program), loops_(loops) {}

  void check() const {
    for (std::size_t s = 0; s < program_.statements.size(); ++s)
      check_statement(program_.statements[s], place_of(s));
    check_order();
  }

 private:
  Place place_of(std::size_t s) const {
    return Place(program_, "statements")[s].from(program_.statements[s].location);
  }

  void check_statement(const Statement& statement, const Place& place) const {
    check_location(statement.location, place / "location");
    if (statement.scope != -1)
      check_id(statement.scope, program_.scopes.size(), "-1 for the root, or a scope",
               place / "scope");
    check_id(statement.kernel, program_.kernels.size(), "a kernel", place / "kernel");
    check_counts(statement, place);
    check_arguments(statement, place);
  }

  void check_counts(const Statement& statement, const Place& place) const {
    std::size_t writes = 0, reads = 0, scalars = 0;
    for (const KernelParameter& parameter : kernel_of(statement).parameters) {
      writes += is_written(parameter.role);
      reads += is_read(parameter.role);
      scalars += parameter.role == ParameterRole::scalar;
    }
    if (writes > static_cast<std::size_t>(max_outputs))
      refuse(place / "writes", count(writes, "output"),
             "at most " + std::to_string(max_outputs) + "; split the kernel");
    check_count(statement.writes.size(), writes, "out and inout", place / "writes", statement);
    const std::size_t handed_on = statement.stoppable ? 1 + writes : 0;
    if (statement.reads.size() < handed_on)
      refuse(place / "reads", count(statement.reads.size(), "argument"),
             "the control tile and one for each write of a stoppable statement");
    check_count(statement.reads.size() - handed_on, reads, "in, inout and in_list",
                place / "reads", statement);
    check_count(statement.scalars.size(), scalars, "scalar", place / "scalars", statement);
  }

  void check_count(std::size_t found, std::size_t expected, const char* roles, const Place& place,
                   const Statement& statement) const {
    if (found != expected)
      refuse(place, count(found, "argument"),
             std::to_string(expected) + ", the number of " + roles + " parameters of " +
                 kernel_of(statement).name);
  }

  void check_arguments(const Statement& statement, const Place& place) const {
    std::size_t w = 0, r = 0, s = 0;
    for (const KernelParameter& parameter : kernel_of(statement).parameters) {
      if (is_written(parameter.role)) {
        check_write(statement, statement.writes[w], parameter, (place / "writes")[w]);
        ++w;
      }
      if (is_read(parameter.role)) {
        check_read(statement, statement.reads[r], parameter, (place / "reads")[r]);
        ++r;
      }
      if (parameter.role == ParameterRole::scalar) {
        check_scalar(statement, statement.scalars[s], parameter, (place / "scalars")[s]);
        ++s;
      }
    }
    if (statement.stoppable) check_handed_on(statement, r, place / "reads");
    if (statement.reduction) check_reduction(statement, place);
  }

  // The reads behind the kernel's own, from number `r`.
  void check_handed_on(const Statement& statement, std::size_t r, const Place& place) const {
    check_read(statement, statement.reads[r], {ParameterRole::in, "stop"}, place[r]);
    for (std::size_t w = 0; w < statement.writes.size(); ++w) {
      const Access& read = statement.reads[++r];
      if (read.array != statement.writes[w].array ||
          read.subscripts != statement.writes[w].subscripts)
        refuse(place[r], "another tile than write " + std::to_string(w),
               "the tile itself, whose value is handed on when the loop has stopped");
    }
  }

  void check_reduction(const Statement& statement, const Place& place) const {
    const std::vector<KernelParameter>& parameters = kernel_of(statement).parameters;
    if (parameters.empty() || parameters.front().role != ParameterRole::inout ||
        statement.writes.size() != 1)
      refuse(place / "reduction", "kernel " + kernel_of(statement).name,
             "a kernel whose first parameter is its only output, an lp::inout");
    if (statement.reads.front().array != statement.writes.front().array ||
        statement.reads.front().subscripts != statement.writes.front().subscripts)
      refuse(place / "reads", "another tile than is written", "the tile that is added to");
  }

  void check_write(const Statement& statement, const Access& access,
                   const KernelParameter& parameter, const Place& place) const {
    check_access(statement, access, parameter, place);
    if (array_of(access).role == ArrayRole::in)
      refuse(place / "array", "a write to the in array " + array_of(access).name,
             "an out, inout or temp array");
    for (std::size_t d = 0; d < access.subscripts.size(); ++d)
      if (access.subscripts[d].run)
        refuse((place / "subscripts")[d], "a run", "one index: a statement writes single tiles");
  }

  void check_read(const Statement& statement, const Access& access,
                  const KernelParameter& parameter, const Place& place) const {
    check_access(statement, access, parameter, place);
    std::size_t runs = 0;
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      runs += access.subscripts[d].run.has_value();
      if (access.subscripts[d].run && parameter.role != ParameterRole::in_list)
        refuse((place / "subscripts")[d], "a run",
               "one index: only an in_list parameter takes a run of tiles");
    }
    if (parameter.role == ParameterRole::in_list && runs == 0)
      refuse(place / "subscripts", "a single tile",
             "a run in one subscript or more, for the in_list parameter of " +
                 kernel_of(statement).name);
  }

  void check_access(const Statement& statement, const Access& access,
                    const KernelParameter& parameter, const Place& place) const {
    check_id(access.array, program_.arrays.size(), "an array", place / "array");
    check_location(access.location, place / "location");
    const Array& array = array_of(access);
    if (access.subscripts.size() != static_cast<std::size_t>(array.rank))
      refuse(place / "subscripts", count(access.subscripts.size(), "subscript"),
             std::to_string(array.rank) + ", the rank of " + array.name);
    if (array.element != parameter.element)
      refuse(place / "array", array.name + " with tiles of " + array.element,
             "tiles of " + parameter.element + ", as " + kernel_of(statement).name + " takes");
    for (std::size_t d = 0; d < access.subscripts.size(); ++d)
      check_subscript(access.subscripts[d], loops_around_statement(statement),
                      (place / "subscripts")[d]);
  }

  void check_subscript(const Subscript& subscript, const std::vector<int>& loops,
                       const Place& place) const {
    check_expr(program_, subscript.at, loops, place / "at");
    if (!subscript.run) return;
    check_expr(program_, subscript.run->end, loops, place / "run" / "end");
    check_step(program_, subscript.run->step, loops, place / "run" / "step");
  }

  void check_scalar(const Statement& statement, const Scalar& scalar,
                    const KernelParameter& parameter, const Place& place) const {
    if (const Expr* expr = std::get_if<Expr>(&scalar))
      return check_expr(program_, *expr, loops_around_statement(statement), place);
    const bool is_complex = std::holds_alternative<std::complex<double>>(scalar);
    if (parameter.element == "int64")
      refuse(place, is_complex ? "a complex constant" : "a real constant",
             "an index expression, for the int64 parameter of " + kernel_of(statement).name);
    if (parameter.element == "float64" && is_complex)
      refuse(place, "a complex constant",
             "a real number, for the float64 parameter of " + kernel_of(statement).name);
  }

  void check_order() const {
    TextWalk walk(program_);
    for (std::size_t s = 0; s < program_.statements.size(); ++s)
      if (!walk.place(static_cast<int>(s)))
        refuse(place_of(s) / "scope",
               "scope " + std::to_string(program_.statements[s].scope) +
                   ", which an earlier statement has closed",
               "a scope around the statement before, or a later one: statements are listed in "
               "textual order");
  }

  static bool is_written(ParameterRole role) {
    return role == ParameterRole::out || role == ParameterRole::inout;
  }
  static bool is_read(ParameterRole role) {
    return role == ParameterRole::in || role == ParameterRole::inout ||
           role == ParameterRole::in_list;
  }
  const Kernel& kernel_of(const Statement& statement) const {
    return program_.kernels[static_cast<std::size_t>(statement.kernel)];
  }
  const Array& array_of(const Access& access) const {
    return program_.arrays[static_cast<std::size_t>(access.array)];
  }
  const std::vector<int>& loops_around_statement(const Statement& statement) const {
    static const std::vector<int> none;
    return statement.scope < 0 ? none : loops_[static_cast<std::size_t>(statement.scope)];
  }

  const Program& program_;
  const std::vector<std::vector<int>>& loops_;
};

}  // namespace lambdapack::ir::detail
