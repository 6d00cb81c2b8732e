// Where closed forms come from that nobody has brought: the analysis. Its counterpart without isl
// is lambdapack/compiled_only.hpp.
#pragma once

#include "lambdapack/analysis/analyse.hpp"

namespace lambdapack::detail {

/// The closed forms of a program. Throws program_error if it is wrong.
inline form::ClosedForms derive(const ir::Program& program) { return analysis::analyse(program); }

}  // namespace lambdapack::detail
