// Units for tests: programs as data, analysed.
#pragma once

#include <utility>

#include "emit/emit.hpp"
#include "lambdapack/analysis/analyse.hpp"
#include "support/require.hpp"

namespace emit_test {

/// The unit of a program.
inline lambdapack::lpc::Unit unit_of(lambdapack::ir::Program program) {
  lambdapack::lpc::Unit unit;
  unit.forms = lambdapack::analysis::analyse(program);
  if (!program.statements.empty()) unit.source = program.statements.front().location.file;
  unit.program = std::move(program);
  return unit;
}

}  // namespace emit_test
