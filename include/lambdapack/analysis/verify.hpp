// Proves that compiled forms say what the program says, for all sizes at once: their bytecode is
// turned back into relations and compared with the program's domains, accesses and flow.
#pragma once

#include "lambdapack/analysis/verification.hpp"
#include "lambdapack/api.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// Proves every form of `forms` for all sizes that the program allows. Throws internal_error for a
/// form that is wrong, with its name and a smallest counterexample. What cannot be decided (an
/// operation that is not known here, a proof beyond its budget) is neither an error nor proved, but
/// reported. `program` must have passed `analyse`.
LAMBDAPACK_API Verification verify(const ir::Program& program, const form::ClosedForms& forms,
                                   const VerifyOptions& options = {});

}  // namespace lambdapack::analysis

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/analysis/verify_run.hpp"
#endif
