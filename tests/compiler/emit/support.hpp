// Units for tests: programs, traced and analysed.
#pragma once

#include <utility>

#include "emit/emit.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/dsl/dsl.hpp"
#include "support/require.hpp"

namespace test {

/// The unit of a program as data.
inline lambdapack::lpc::Unit unit_of(lambdapack::ir::Program program) {
  lambdapack::lpc::Unit unit;
  unit.forms = lambdapack::analysis::analyse(program);
  if (!program.statements.empty()) unit.source = program.statements.front().location.file;
  unit.program = std::move(program);
  return unit;
}

/// The unit of a program as a function.
template <class Function>
lambdapack::lpc::Unit unit_of_function(Function&& function) {
  return unit_of(lambdapack::trace(function).program);
}

}  // namespace test
