// Everything that the analysis has to say about a program.
#pragma once

#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/api.hpp"
#include "lambdapack/ir/diagnostic.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// All errors of a program, where `analyse` throws the first; then warnings and remarks; in a
/// program with powers or logarithms those that can be decided. A budget that is used up is an
/// error like others, or a remark if only warnings are missing.
LAMBDAPACK_API std::vector<Diagnostic> diagnose(const ir::Program& program,
                                                const AnalysisOptions& options = {});

}  // namespace lambdapack::analysis

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/analysis/diagnosing.hpp"
#endif
