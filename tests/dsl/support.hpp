// What the tests of the language share: kernels that do nothing, and a program's text.
#pragma once

#include <complex>
#include <functional>
#include <string>

#include "lambdapack/dsl/dsl.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/validate.hpp"

namespace dsl_test {

inline const auto update = lp::make_kernel("update", [](lp::inout<double>) {});
inline const auto combine =
    lp::make_kernel("combine", [](lp::out<double>, lp::in<double>, lp::in<double>) {});
inline const auto split =
    lp::make_kernel("split", [](lp::out<double>, lp::inout<float>, lp::in<double>) {});
inline const auto gather =
    lp::make_kernel("gather", [](lp::out<double>, lp::in_list<double>, lp::in<double>) {});
inline const auto scalars = lp::make_kernel(
    "scalars", [](lp::inout<double>, std::int64_t, double, std::complex<double>) {});

/// A program without the places that it came from.
inline lp::ir::Program placeless(lp::ir::Program program) {
  for (lp::ir::Scope& scope : program.scopes) scope.location = {};
  for (lp::ir::Statement& statement : program.statements) {
    statement.location = {};
    for (lp::ir::Access& access : statement.reads) access.location = {};
    for (lp::ir::Access& access : statement.writes) access.location = {};
  }
  return program;
}

/// The text of a program that has been checked, without source lines.
inline std::string text(const lp::Traced& traced) {
  lp::ir::validate(traced.program);
  return to_string(placeless(traced.program));
}

/// What the program_error that `f` throws says; empty if it throws none.
inline std::string refusal(const std::function<void()>& f) {
  try {
    f();
  } catch (const lp::program_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace dsl_test
