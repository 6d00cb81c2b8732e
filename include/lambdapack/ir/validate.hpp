// Whether the parts of a program hang together: ids, counts, roles, order.
//
// Every later step takes a program that has passed here, and looks up ids without checking them.
// What a program computes (reads before writes, indices past an extent) is not looked at here:
// that is the analysis.
#pragma once

#include <vector>

#include "lambdapack/ir/detail/validate_declarations.hpp"
#include "lambdapack/ir/detail/validate_statements.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

/// Throws program_error, with the place of the first fault, what was found there and what was
/// expected, unless the ids, counts, roles and order of the program hang together.
inline void validate(const Program& program) {
  detail::DeclarationValidator(program).check();
  const std::vector<std::vector<int>> loops = detail::ScopeValidator(program).check();
  detail::StatementValidator(program, loops).check();
}

}  // namespace lambdapack::ir
